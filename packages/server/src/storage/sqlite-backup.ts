import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StartupError } from '../startup-error.ts';
import { hasDatabase } from './inspect.ts';
import { databaseFile } from './sqlite-files.ts';

/** About 4 MB: a step holds up nobody, but between two of them progress is told and signals are heard. */
const pagesPerStep = 1000;

/**
 * Copies the database of a data directory, also while a server writes to it: all that was committed before this began,
 * and nothing of what comes after.
 * @param to an empty file; afterwards the database is it alone, without others beside it
 * @param onProgress told the part that is done, from 0 to 1
 */
export async function copyDatabase(
  dataDir: string,
  to: string,
  onProgress: (part: number) => void,
): Promise<void> {
  if (!hasDatabase({ databaseUrl: null, dataDir }))
    throw new StartupError(`There is no database in ${dataDir} yet: start Keywright once.`);
  const database = new Database(join(dataDir, databaseFile), { readonly: true, timeout: 5000 });
  try {
    // Without a snapshot of its own, each commit of the server makes the copy begin anew, and it may never end. In WAL
    // mode a reader keeps no writer waiting.
    database.exec('BEGIN');
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    await database.backup(to, {
      progress({ totalPages, remainingPages }) {
        onProgress(1 - remainingPages / totalPages);
        return pagesPerStep;
      },
    });
    database.exec('COMMIT');
  } finally {
    database.close();
  }
  foldDatabase(to);
}

/**
 * Takes into the file of a database what lies beside it, and leaves WAL mode, so that the file alone is the database
 * and can be moved. The next start goes back to WAL.
 * @throws StartupError when another program has it open
 */
export function foldDatabase(path: string): void {
  const database = new Database(path, { timeout: 0 });
  try {
    const mode = database.pragma('journal_mode = DELETE', { simple: true });
    if (mode !== 'delete') throw busy(path);
  } catch (error) {
    throw error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code)
      ? busy(path, error)
      : error;
  } finally {
    database.close();
  }
}

function busy(path: string, cause?: unknown): StartupError {
  return new StartupError(`Another program reads ${path}. Stop it first.`, cause);
}
