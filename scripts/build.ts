// Builds the packages into their dist folders: the console for browsers, the contract as it is published, the server
// as few files. Node takes a millisecond to find and load each module, and of these there are two thousand.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'rolldown';
import { thirdPartyLicenses } from './third-party-licenses.ts';

const root = join(import.meta.dirname, '..');

buildConsole();
buildContract();
await buildServer();

/** The console is bundled for browsers, then compressed ahead of time as far as it goes. */
function buildConsole(): void {
  const folder = join(root, 'packages/console');
  run('vite/bin/vite.js', ['build', '--logLevel', 'warn'], folder);
  for (const directory of ['dist', 'dist/assets']) {
    for (const name of readdirSync(join(folder, directory))) {
      if (/\.(js|css|json|svg)$/.test(name)) compress(join(folder, directory, name));
    }
  }
}

function compress(path: string): void {
  const content = readFileSync(path);
  writeFileSync(`${path}.br`, brotliCompressSync(content));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}

function buildContract(): void {
  const folder = join(root, 'packages/contract');
  const dist = emptyDist(folder);
  run('typescript/bin/tsc', ['-p', folder], root);
  copyLicense(dist);
}

/** @see docs/decisions/2026-11-27-a-server-in-few-files.md */
async function buildServer(): Promise<void> {
  const folder = join(root, 'packages/server');
  const dist = emptyDist(folder);
  await build({
    cwd: folder,
    input: {
      main: 'src/main.ts',
      'sqlite-thread-program': 'src/storage/sqlite-thread-program.ts',
    },
    platform: 'node',
    resolve: { conditionNames: ['source', 'node', 'import'] },
    external: isLoadedAsInstalled,
    plugins: [thirdPartyLicenses()],
    output: { dir: dist, format: 'esm', sourcemap: true, chunkFileNames: '[name]-[hash].js' },
    logLevel: 'warn',
  });
  chmodSync(join(dist, 'main.js'), 0o755);
  copyLicense(dist);
}

/** Packages with binaries, with files that are served, or that look for files or packages beside their own. */
function isLoadedAsInstalled(specifier: string): boolean {
  return ['better-sqlite3', 'pg', 'pino', 'pino-pretty'].some(
    (name) => specifier === name || specifier.startsWith(`${name}/`),
  );
}

/** Emptied first, so that nothing stays whose source is gone. */
function emptyDist(folder: string): string {
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  return dist;
}

/** A published package carries the licence; npm would take it from the package's own folder only. */
function copyLicense(dist: string): void {
  copyFileSync(join(root, 'LICENSE'), join(dist, 'LICENSE'));
}

function run(tool: string, args: string[], cwd: string): void {
  const command = [join(root, 'node_modules', tool), ...args];
  const { status } = spawnSync(process.execPath, command, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(1);
}
