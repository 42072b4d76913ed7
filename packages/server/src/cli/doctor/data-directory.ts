import type { Stats } from 'node:fs';
import { access, constants, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { explainError } from '../say.ts';
import { type Check, failed, ok, warning } from './check.ts';

const name = 'data directory';

/**
 * Whether the data directory and the files in it are the server's alone: whoever reads them reads names, addresses and
 * hashes; whoever writes them makes keys. A directory that does not exist yet must be one that can be made.
 */
export async function checkDataDirectory(path: string): Promise<Check> {
  try {
    const stats = await statOrNull(path);
    if (stats === null) return await checkCreatable(path);
    if (!stats.isDirectory())
      return failed(name, `${path} is a file.`, 'Set KEYWRIGHT_DATA_DIR to a directory.');
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    const entries = await findEntries(path, stats);
    return checkOthers(entries) ?? checkOwner(path, entries) ?? checkGroup(path, entries);
  } catch (error) {
    return failed(name, explainError(error).join(' '), 'Let the user that the server runs as into it.');
  }
}

function checkOthers(entries: Entry[]): Check | null {
  const exposed = entries.filter(
    (entry) => (entry.mode & 0o006) !== 0 && (entry.isDirectory || mayEnter(entries, 0o001)),
  );
  if (exposed.length === 0) return null;
  const message = `open to every user of this machine: ${listPaths(exposed)}.`;
  return failed(name, message, `chmod o-rwx ${quotePaths(exposed)}`);
}

function checkOwner(path: string, entries: Entry[]): Check | null {
  const user = process.getuid?.();
  const foreign = entries.filter((entry) => user !== undefined && entry.owner !== user);
  if (foreign.length === 0) return null;
  const message = `of another user than the one who runs this: ${listPaths(foreign)}.`;
  // Whoever looks as root can say nothing about the server's own user.
  if (user === 0) return warning(name, message, 'Run this as the user that the server runs as.');
  return failed(
    name,
    message,
    `Give them to the user that the server runs as: chown -R <user> ${quotePath(path)}`,
  );
}

function checkGroup(path: string, entries: Entry[]): Check {
  const shared = entries.filter((entry) => !entry.isDirectory && (entry.mode & 0o060) !== 0);
  if (shared.length === 0 || !mayEnter(entries, 0o010)) return ok(name, `${path} is its user's alone.`);
  const message = `open to a group: ${listPaths(shared)}.`;
  return warning(name, message, `If it need not be: chmod g-rwx ${quotePaths(shared)}`);
}

/** What is in a directory that one may not enter cannot be reached, whatever its own mode. */
function mayEnter(entries: Entry[], bit: number): boolean {
  return entries.some((entry) => entry.isDirectory && (entry.mode & bit) !== 0);
}

interface Entry {
  path: string;
  mode: number;
  owner: number;
  /** Whether it is the data directory itself. */
  isDirectory: boolean;
}

/** The directory and the files right in it: the database and what SQLite keeps beside it. */
async function findEntries(path: string, stats: Stats): Promise<Entry[]> {
  const entries = [{ path, mode: stats.mode, owner: stats.uid, isDirectory: true }];
  for (const file of await readdir(path)) {
    const found = await statOrNull(join(path, file));
    if (!found?.isFile()) continue;
    entries.push({ path: join(path, file), mode: found.mode, owner: found.uid, isDirectory: false });
  }
  return entries;
}

async function checkCreatable(path: string): Promise<Check> {
  const parent = await findExistingParent(path);
  await access(parent, constants.W_OK | constants.X_OK);
  return ok(name, `${path} does not exist yet: the first start makes it.`);
}

/** The nearest directory above that exists. */
export async function findExistingParent(path: string): Promise<string> {
  const parent = dirname(path);
  return parent === path || (await statOrNull(parent)) !== null ? parent : findExistingParent(parent);
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function listPaths(entries: Entry[]): string {
  return entries.map((entry) => entry.path).join(', ');
}

function quotePaths(entries: Entry[]): string {
  return entries.map((entry) => quotePath(entry.path)).join(' ');
}

/** As a shell takes it. */
function quotePath(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
