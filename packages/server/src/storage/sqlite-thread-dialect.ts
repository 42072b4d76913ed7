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

/** A thread of its own for reads. When it dies, what was asked of it fails, and the next query starts another. */
export function readInThread(path: string): SqliteThreadDialect {
  const start = () => new SqliteThread({ path, mode: 'read' });
  let thread = start();
  let isClosed = false;
  return new SqliteThreadDialect({
    run(sql, parameters) {
      if (thread.isEnded && !isClosed) thread = start();
      return thread.run(sql, parameters);
    },
    close() {
      isClosed = true;
      return thread.close();
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
