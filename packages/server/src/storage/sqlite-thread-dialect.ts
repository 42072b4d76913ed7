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
import { StableSqliteCompiler } from './sqlite-compiler.ts';
import { SqliteThread } from './sqlite-thread.ts';

type RunQuery = (sql: string, parameters: readonly unknown[]) => Promise<unknown[]>;

interface ThreadDialectOptions {
  run: RunQuery;
  close(): Promise<void>;
}

/** A Kysely dialect whose queries are run elsewhere, one by one: transactions are not its business. */
export class SqliteThreadDialect implements Dialect {
  readonly #options: ThreadDialectOptions;
  constructor(options: ThreadDialectOptions) {
    this.#options = options;
  }
  createDriver(): Driver {
    return new ThreadDriver(this.#options);
  }
  createQueryCompiler() {
    return new StableSqliteCompiler();
  }
  createAdapter() {
    return new ThreadAdapter();
  }
  createIntrospector(db: Kysely<unknown>) {
    return new SqliteIntrospector(db);
  }
}

/**
 * A thread of its own for reads, started by the first: Kysely closes only what was used. When it dies, what was asked of
 * it fails, and the next query starts another.
 */
export function readInThread(path: string): SqliteThreadDialect {
  let thread: SqliteThread | null = null;
  return new SqliteThreadDialect({
    async run(sql, parameters) {
      if (thread === null || thread.isEnded) thread = new SqliteThread({ path, mode: 'read' });
      return thread.run(sql, parameters);
    },
    async close() {
      await thread?.close();
    },
  });
}

/** Queries may be on their way side by side: the thread answers one after the other. */
class ThreadAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class ThreadDriver implements Driver {
  readonly #connection: ThreadConnection;
  readonly #options: ThreadDialectOptions;

  constructor(options: ThreadDialectOptions) {
    this.#options = options;
    this.#connection = new ThreadConnection(options.run);
  }
  async init() {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async beginTransaction(): Promise<never> {
    throw new Error('a thread takes no transactions of single queries');
  }
  async commitTransaction() {}
  async rollbackTransaction() {}
  async releaseConnection() {}
  async destroy() {
    await this.#options.close();
  }
}

class ThreadConnection implements DatabaseConnection {
  readonly #run: RunQuery;
  constructor(run: RunQuery) {
    this.#run = run;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    return { rows: (await this.#run(sql, parameters)) as R[] };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator, and nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('a thread does not stream');
  }
}
