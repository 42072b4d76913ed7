import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { cachedPrepare } from './cached-prepare.ts';

/** The thread in which the long reads of the embedded database run: one query comes in, its rows go back. */
const database = new Database((workerData as { path: string }).path, { readonly: true });
const prepare = cachedPrepare(database);

export interface ReadRequest {
  id: number;
  sql: string;
  parameters: readonly unknown[];
}

export type ReadReply =
  | { id: number; rows: unknown[] }
  | { id: number; error: { message: string; code: string } };

parentPort?.on('message', (request: ReadRequest | 'close') => {
  if (request === 'close') {
    database.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(read(request));
});

function read({ id, sql, parameters }: ReadRequest): ReadReply {
  try {
    return { id, rows: prepare(sql).all(...parameters) };
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    return { id, error: { message, code: code ?? '' } };
  }
}
