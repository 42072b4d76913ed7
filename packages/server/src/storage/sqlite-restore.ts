import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DirectoryTakenError, StartupError } from '../startup-error.ts';
import { giveTo, ownerOf } from './file-owner.ts';
import { foldDatabase } from './sqlite-backup.ts';
import { databaseFile, lockDataDirectory, prepareDataDirectory } from './sqlite-files.ts';

const stagePrefix = 'restore-';
/** What SQLite keeps beside a database. Left beside another one, it would be played into that. */
const companions = ['-wal', '-shm', '-journal'];

/** A data directory that no server runs on, for as long as it is held. */
export interface ClaimedDirectory {
  /** A copy of a database, in a directory of its own below this one. */
  stage(database: string): string;
  /**
   * Puts a staged database in the place of the one that is there, if any. A crash leaves the one or the other.
   * @returns the path under which the former one was kept; null when there was none
   */
  putInPlace(stage: string, keepAs: string): string | null;
  /** Takes away a stage that is not wanted, and lets go. */
  release(): void;
}

/**
 * Makes sure that no server runs on a data directory, nor is started on it; makes it if there is none.
 * @throws StartupError, DirectoryTakenError
 */
export function claimDataDirectory(dataDir: string): ClaimedDirectory {
  prepareDataDirectory(dataDir);
  const unlock = lockForRestore(dataDir);
  // Of a restore that was killed. No other one runs, since this one has the lock.
  removeStages(dataDir);
  return {
    stage: (database) => stage(dataDir, database),
    putInPlace: (stage, keepAs) => putInPlace(dataDir, stage, keepAs),
    release() {
      removeStages(dataDir);
      unlock();
    },
  };
}

/** A server that runs there has another remedy than the one that `lockDataDirectory` tells a second server. */
function lockForRestore(dataDir: string): () => void {
  try {
    return lockDataDirectory(dataDir);
  } catch (error) {
    if (!(error instanceof DirectoryTakenError)) throw error;
    const sentence = `Another Keywright runs on the data directory ${dataDir}. Stop it first: what it has open is replaced.`;
    throw new DirectoryTakenError(sentence, error);
  }
}

function removeStages(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(stagePrefix)) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

function stage(dataDir: string, database: string): string {
  const directory = mkdtempSync(join(dataDir, stagePrefix));
  // So that what a killed restore leaves can be removed by the user that the server runs as.
  giveTo(ownerOf(dataDir), directory);
  const copy = join(directory, databaseFile);
  copyFileSync(database, copy);
  // Not of a backup, but of a database that somebody has copied with what was beside it.
  for (const suffix of ['-wal', '-journal']) {
    if (existsSync(database + suffix)) copyFileSync(database + suffix, copy + suffix);
  }
  for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o600);
  return directory;
}

function putInPlace(dataDir: string, stage: string, keepAs: string): string | null {
  const [staged, current] = [join(stage, databaseFile), join(dataDir, databaseFile)];
  const kept = join(dataDir, keepAs);
  endSessions(staged);
  foldDatabase(staged);
  // Root may restore what a server of another user has to open.
  giveTo(ownerOf(current, dataDir), staged);
  syncPath(staged);
  const former = existsSync(current) ? kept : null;
  if (former !== null) keep(current, former);
  // The moment at which the one becomes the other. Nothing lies beside the database any more that is the former's.
  renameSync(staged, current);
  syncPath(dataDir);
  return former;
}

/**
 * Sessions, links and one-time tokens are in no ledger, so nothing could tell which of those in a backup ended, or were
 * used, since: all of them end, and everybody signs in anew.
 */
function endSessions(path: string): void {
  const database = new Database(path);
  try {
    const isThere = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
    for (const table of ['auth_sessions', 'auth_verifications', 'account_links']) {
      // A backup of an older version may have none.
      if (isThere.get(table) !== undefined) database.exec(`DELETE FROM ${table}`);
    }
  } finally {
    database.close();
  }
}

/**
 * Gives the present database a second name. What lay beside it is in it by now, or was of no use; if it were left, it
 * would be played into the other database.
 */
function keep(current: string, kept: string): void {
  tryToFold(current);
  const left = companions.map((suffix) => current + suffix).find((path) => existsSync(path));
  if (left !== undefined)
    throw new StartupError(`${left} is in the way: another program left it. Move it away.`);
  keepFile(current, kept);
}

/** What is no database, or too damaged to be opened, is kept as it is. */
function tryToFold(path: string): void {
  try {
    foldDatabase(path);
  } catch (error) {
    const isDamaged = error instanceof Database.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code);
    if (!isDamaged) throw error;
  }
}

function keepFile(current: string, kept: string): void {
  try {
    linkSync(current, kept);
  } catch {
    // A file system where files have one name only.
    copyFileSync(current, kept);
    chmodSync(kept, 0o600);
    giveTo(ownerOf(current), kept);
    syncPath(kept);
  }
}

/** Waits until the disk has a file, or the names in a directory. */
function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
