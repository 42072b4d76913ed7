// Installs the dependencies when what is in node_modules is not what package-lock.json asks for. It runs before anything
// is installed, hence plain JavaScript for Node 20 and no dependencies. It compares with npm's own record of what it
// installed, not with a marker of ours, so that an `npm ci` or `npm install` typed by hand counts as well.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const oldestNode = [20, 0];
// From this version on npm obeys `allowScripts` in package.json.
const npmWithAllowScripts = [11, 16];

if (isBefore(process.versions.node, oldestNode)) {
  fail(`Keywright's scripts need Node ${oldestNode[0]} or newer to start; this is ${process.versions.node}.`);
}
if (!isInstalled()) {
  install();
  if (!isInstalled())
    fail('npm ci succeeded, but node_modules is not complete. Is ignore-scripts set in an .npmrc?');
}

function isInstalled() {
  const wanted = readJson('package-lock.json');
  const present = readJson('node_modules/.package-lock.json');
  if (!wanted || !present || !existsSync(join(root, 'node_modules/.bin/node'))) return false;
  for (const [path, entry] of Object.entries(wanted.packages)) {
    // The entries outside node_modules are the root and the workspaces: the lock must agree with their package.json.
    if (!path.includes('node_modules/')) {
      if (!asksForTheSame(entry, readJson(join(path, 'package.json')))) return false;
      continue;
    }
    const there = present.packages[path];
    if (!there && entry.optional) continue;
    if (!there || there.version !== entry.version || there.integrity !== entry.integrity) return false;
  }
  return true;
}

function asksForTheSame(locked, manifest) {
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].every(
    (kind) => sorted(locked[kind]) === sorted(manifest?.[kind]),
  );
}

function install() {
  console.error('Installing the dependencies …');
  const npmVersion = /npm\/(\S+)/.exec(process.env.npm_config_user_agent ?? '')?.[1];
  if (npmVersion && !isBefore(npmVersion, npmWithAllowScripts)) return npm('ci', '--strict-allow-scripts');
  // An older npm would run every install script, so it runs none, and then those that are allowed.
  npm('ci', '--ignore-scripts');
  const allowed = Object.entries(readJson('package.json').allowScripts)
    .filter(([name, isAllowed]) => isAllowed && existsSync(join(root, 'node_modules', name)))
    .map(([name]) => name);
  npm('rebuild', ...allowed);
}

function npm(...args) {
  // npm's own path is used, so that a nested call is the npm that was typed. Warnings are left out, because the one kind
  // that comes is about the engines of packages that only ever run under the Node that is being installed here.
  const typed = process.env.npm_execpath;
  const [command, ...first] = typed ? [process.execPath, typed] : ['npm'];
  const { status, error } = spawnSync(command, [...first, ...args, '--loglevel=error'], {
    cwd: root,
    shell: !typed && process.platform === 'win32',
    // Standard output belongs to the command that follows.
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (error || status !== 0) fail(`npm ${args[0]} failed${error ? `: ${error.message}` : ''}.`);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function sorted(versions) {
  return JSON.stringify(Object.entries(versions ?? {}).sort());
}

function isBefore(version, [major, minor]) {
  const [itsMajor, itsMinor] = version.split('.').map(Number);
  return itsMajor < major || (itsMajor === major && itsMinor < minor);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
