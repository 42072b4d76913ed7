import { Worker } from 'node:worker_threads';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
} from 'kysely';
import { DomainError } from '../domain/error.ts';
import { StableSqliteCompiler } from './sqlite-compiler.ts';
import type { ReadReply, ReadRequest } from './sqlite-read-worker.ts';

/** A Kysely dialect whose queries run in a worker thread, on a read-only connection. */
export class SqliteReadWorkerDialect implements Dialect {
  readonly #path: string;
  constructor(path: string) {
    this.#path = path;
  }
  createDriver(): Driver {
    return new ReadWorkerDriver(this.#path);
  }
  createQueryCompiler() {
    return new StableSqliteCompiler();
  }
  createAdapter() {
    return new ReadWorkerAdapter();
  }
  createIntrospector(db: Kysely<unknown>) {
    return new SqliteIntrospector(db);
  }
}

/** Queries may be on their way side by side: the worker answers one after the other. */
class ReadWorkerAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class ReadWorkerDriver implements Driver {
  readonly #path: string;
  #connection: ReadWorkerConnection | null = null;

  constructor(path: string) {
    this.#path = path;
  }
  async init() {
    this.#connection = new ReadWorkerConnection(this.#path);
  }
  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#connection === null) throw new Error('the read worker was not started');
    return this.#connection;
  }
  async beginTransaction(): Promise<never> {
    throw new Error('the read worker takes no transactions');
  }
  async commitTransaction() {}
  async rollbackTransaction() {}
  async releaseConnection() {}
  async destroy() {
    await this.#connection?.close();
  }
}

interface Waiting {
  resolve(rows: unknown[]): void;
  reject(error: Error): void;
}

/** The way to the thread. One that dies fails what was asked of it, and the next query starts another. */
class ReadWorkerConnection implements DatabaseConnection {
  readonly #path: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null;
  #lastId = 0;
  #isClosed = false;

  constructor(path: string) {
    this.#path = path;
    this.#worker = this.#start();
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#isClosed) throw new Error('the read worker was closed');
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = ++this.#lastId;
    const rows = await new Promise<unknown[]>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, sql, parameters } satisfies ReadRequest);
    });
    return { rows: rows as R[] };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator, and nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the read worker does not stream');
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (worker === null) return;
    const { promise: exited, resolve } = Promise.withResolvers<void>();
    worker.once('exit', () => resolve());
    worker.postMessage('close');
    await exited;
  }

  #start(): Worker {
    // The build is .js, and what is no import is not rewritten by it.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const url = new URL(`./sqlite-read-worker.${extension}`, import.meta.url);
    const worker = new Worker(url, { workerData: { path: this.#path } });
    worker.on('message', (reply: ReadReply) => this.#settle(reply));
    worker.on('error', (error) => this.#end(worker, error));
    worker.on('exit', () => this.#end(worker, new Error('it was closed')));
    return worker;
  }

  #end(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const error = new DomainError('unavailable', {
      detail: 'The thread that reads the database ended.',
      cause,
    });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #settle(reply: ReadReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('rows' in reply) waiting?.resolve(reply.rows.map(restoreBytes));
    else waiting?.reject(Object.assign(new Error(reply.error.message), { code: reply.error.code }));
  }
}

/** Between threads a Buffer arrives as a plain Uint8Array. */
function restoreBytes(row: unknown): unknown {
  const columns = row as Record<string, unknown>;
  for (const [name, value] of Object.entries(columns)) {
    if (value instanceof Uint8Array)
      columns[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return columns;
}
