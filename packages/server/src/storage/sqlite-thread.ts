import { Worker } from 'node:worker_threads';
import { DomainError } from '../domain/error.ts';

export interface ThreadSettings {
  /** Of the database. */
  path: string;
  mode: 'read' | 'write';
}

export interface ThreadRequest {
  id: number;
  sql: string;
  parameters: readonly unknown[];
  /** Fails, instead of running by itself, when there is no transaction. */
  isWithinTransaction: boolean;
}

export type ThreadReply =
  | { id: number; rows: unknown[] }
  | { id: number; error: { message: string; code: string } };

interface Waiting {
  resolve(rows: unknown[]): void;
  reject(error: Error): void;
}

/** A thread with a connection of its own, on which it runs statements in the order in which they are sent. */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited = Promise.withResolvers<void>();
  #lastId = 0;
  /** Why it ended. Another one has to be started then. */
  #failure: DomainError | null = null;

  constructor(settings: ThreadSettings) {
    // The build is .js, and what is no import is not rewritten by it.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const url = new URL(`./sqlite-thread-program.${extension}`, import.meta.url);
    this.#worker = new Worker(url, { workerData: settings });
    this.#worker.on('message', (reply: ThreadReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => {
      this.#end(new Error('it was closed'));
      this.#exited.resolve();
    });
  }

  get isEnded(): boolean {
    return this.#failure !== null;
  }

  /** @throws what SQLite says, with its code; unavailable when the thread has ended or ends meanwhile */
  async run(sql: string, parameters: readonly unknown[], isWithinTransaction = false): Promise<unknown[]> {
    if (this.#failure !== null) throw this.#failure;
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown[]>();
    this.#waiting.set(id, { resolve, reject });
    this.#worker.postMessage({ id, sql, parameters, isWithinTransaction } satisfies ThreadRequest);
    return promise;
  }

  /** Ends it after what it was sent. */
  async close(): Promise<void> {
    if (this.#failure === null) this.#worker.postMessage('close');
    await this.#exited.promise;
  }

  /** Ends it at once. What it has not committed is undone. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(cause: unknown): void {
    if (this.#failure !== null) return;
    const detail = 'A thread that works on the database ended.';
    this.#failure = new DomainError('unavailable', { detail, cause });
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }

  #settle(reply: ThreadReply): void {
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
