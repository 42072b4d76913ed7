import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { cachedPrepare } from './cached-prepare.ts';
import { openToWrite } from './sqlite-connection.ts';
import type { ThreadReply, ThreadRequest, ThreadSettings } from './sqlite-thread.ts';

/** What runs in a thread that works on the embedded database: one statement comes in, its rows go back. */
const { path, mode } = workerData as ThreadSettings;
const database = mode === 'read' ? new Database(path, { readonly: true }) : openToChange();
const prepare = cachedPrepare(database);

parentPort?.on('message', (request: ThreadRequest | 'close') => {
  if (request === 'close') {
    database.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(answer(request));
});

/** @see keepUndoInMemory */
function openToChange(): Database.Database {
  const opened = openToWrite(path);
  opened.pragma('temp_store = MEMORY');
  return opened;
}

function answer({ id, sql, parameters, isWithinTransaction }: ThreadRequest): ThreadReply {
  try {
    if (isWithinTransaction && !database.inTransaction) throw transactionGone();
    const statement = prepare(sql);
    if (statement.reader) return { id, rows: statement.all(...parameters) };
    statement.run(...parameters);
    return { id, rows: [] };
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    return { id, error: { message, code: code ?? '' } };
  }
}

/**
 * Some failures, a full disk among them, make SQLite roll a transaction back by itself. What was sent right behind the
 * statement that failed would then be committed, each by itself.
 */
function transactionGone(): Error {
  return Object.assign(new Error('the transaction was rolled back'), { code: 'SQLITE_ABORT_ROLLBACK' });
}
