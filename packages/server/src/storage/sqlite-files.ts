import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { hasErrorCode } from '../error-code.ts';
import { makeDirectory } from '../make-directory.ts';
import { DirectoryTakenError, StartupError } from '../startup-error.ts';
import { giveTo, ownerOf } from './file-owner.ts';

export const databaseFile = 'keywright.db';
const lockFile = 'keywright.lock';
/** SQLite's own for it, which it does not look for where a log is written ahead. */
const movedCode = 'SQLITE_READONLY_DBMOVED';

/**
 * Makes the data directory (mode 0700) if there is none.
 * @throws StartupError when it cannot be made or written to, or when everybody may read a database that is in it
 */
export function prepareDataDirectory(directory: string): void {
  try {
    makeDirectory(directory);
  } catch (error) {
    throw new StartupError(
      `The data directory ${directory} cannot be made: ${(error as Error).message}. Choose another with --data-dir, or ` +
        'make it for the user that Keywright runs as.',
      error,
    );
  }
  checkWritable(directory);
  const exposed = exposedDatabaseFile(directory);
  if (exposed !== null) {
    throw new StartupError(
      `Every user of this machine can read ${exposed}. Keywright does not start on such a database: run chmod 700 ${directory}.`,
    );
  }
}

/** Whether every user of the machine may read or write in a directory: the files in it are theirs to see, or replace. */
export function isOpenToAll(directory: string): boolean {
  return (statSync(directory).mode & 0o006) !== 0;
}

/** SQLite opens what it may not write to for reading only, and a lock on such a file keeps nobody out. */
function checkWritable(directory: string): void {
  const files = [databaseFile, `${databaseFile}-wal`, `${databaseFile}-shm`, lockFile];
  try {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    for (const file of files) checkWritableFile(join(directory, file));
  } catch (error) {
    const { message } = error as Error;
    throw new StartupError(
      `The data directory ${directory} and the database in it must be writable for the user that Keywright runs as: ${message}.`,
      error,
    );
  }
}

/** One that is not there is to be made, or a process that ends has just taken it away. */
function checkWritableFile(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
}

/**
 * Remembers which file an open database is.
 * @returns what throws when another file, or none, is in its place: what is written then would be lost, or be in a database
 *   that no other start finds
 */
export function rememberFile(path: string): () => void {
  const inode = inodeOf(path);
  return () => {
    if (inodeOf(path) !== inode)
      throw Object.assign(new Error(`the open database is no longer ${path}`), { code: movedCode });
  };
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** The database file that users other than the owner's group can read, or null. */
function exposedDatabaseFile(directory: string): string | null {
  if ((statSync(directory).mode & 0o001) === 0) return null;
  for (const suffix of ['', '-wal', '-shm']) {
    const path = join(directory, databaseFile + suffix);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && (found.mode & 0o004) !== 0) return path;
  }
  return null;
}

/**
 * Makes this process the one that owns the directory, until it ends. The lock is SQLite's own on a file, so that the
 * operating system lets go of it whatever way the process ends; a PID file would outlive it.
 * @returns lets go of it
 * @throws DirectoryTakenError when another process has it
 */
export function lockDataDirectory(directory: string): () => void {
  const path = join(directory, lockFile);
  const isNew = !existsSync(path);
  const lock = new Database(path, { timeout: 0 });
  try {
    // A command of root must not lock the server's user out for good.
    if (isNew) giveTo(ownerOf(directory), path);
    lock.pragma('journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))) throw error;
    throw new DirectoryTakenError(
      `Another Keywright runs on the data directory ${directory}. Stop it first, or give this one a directory of its own with --data-dir.`,
      error,
    );
  }
  return () => lock.close();
}
