import { Kysely, PostgresDialect } from 'kysely';
import { type ClientBase, type ClientConfig, Pool, type PoolConfig, TypeOverrides } from 'pg';
import { StartupError } from '../startup-error.ts';
import { migrate } from './migrate.ts';
import { PreparingClient, waitForDisk, watchForLoss } from './postgres-client.ts';
import { explainPostgres, findPostgresFault } from './postgres-fault.ts';
import { PostgresNodeStore } from './postgres-node-store.ts';
import { OneServer } from './postgres-one-server.ts';
import { createPostgresVerificationStore } from './postgres-point-reads.ts';
import { createPostgresTransaction } from './postgres-transaction.ts';
import type { Schema } from './schema.ts';
import type { Storage } from './storage.ts';
import { createStores, withTranslatedErrors } from './stores.ts';

interface OpenOptions {
  url: string;
  /** Told of connections that break while they are idle. */
  onIdleError(error: Error): void;
}

/**
 * Opens a PostgreSQL database (15 or newer).
 * @throws StartupError when it is another process's, written by a newer program, out of reach, or cannot be used as it is
 */
export async function openPostgres({ url, onIdleError }: OpenOptions): Promise<Storage> {
  const server = new OneServer();
  const onConnect = (client: ClientBase) => server.admit(client);
  const pool = createPool(url, onIdleError, { max: 10, onConnect });
  // Ten changes that somebody's lock holds up must not keep verifications from reading. One stays open: they are rare.
  const readers = createPool(url, onIdleError, { max: 4, min: 1, onConnect });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const node = new PostgresNodeStore(clientConfig(url), server);
  try {
    const fault = await findPostgresFault(db);
    if (fault !== null) throw fault;
    await node.register();
    await migratePatiently(url);
    // The first verification does not wait for a connection either.
    (await readers.connect()).release();
  } catch (error) {
    await node.close();
    await Promise.all([readers.end(), db.destroy()]);
    throw error instanceof StartupError ? error : explainPostgres(error);
  }
  const transaction = createPostgresTransaction(pool);
  return {
    engine: 'postgres',
    transaction,
    backgroundTransaction: transaction,
    stores: withTranslatedErrors(createStores(db, 'postgres')),
    verification: createPostgresVerificationStore(readers),
    node,
    onMove: (tell) => server.onMove(tell),
    load: () => ({
      open: pool.totalCount,
      busy: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
    // PostgreSQL takes deleted rows out of its files by itself, when it vacuums.
    scrub: async () => {},
    async close() {
      await node.close();
      await Promise.all([readers.end(), db.destroy()]);
    },
  };
}

/** A statement of a migration may take minutes, in which it builds an index of a million keys. */
async function migratePatiently(url: string): Promise<void> {
  const pool = createPool(url, () => {}, { query_timeout: 0, max: 1 });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db, 'postgres');
  } finally {
    await db.destroy();
  }
}

/** A pool whose waits all end: a database that hangs becomes an error in time, not a request that never answers. */
export function createPool(
  url: string,
  onIdleError: (error: Error) => void,
  config: PoolConfig = { max: 10 },
): Pool {
  const pool = new Pool({ ...clientConfig(url), ...config, Client: PreparingClient });
  pool.on('error', onIdleError);
  pool.on('connect', (client) => {
    // One that breaks while it is in use fails its queries. If nobody listened for its error, it would end the process.
    client.on('error', () => {});
    // Sent ahead of all else, and nothing waits for it.
    void watchForLoss(client);
    void waitForDisk(client);
  });
  return pool;
}

/**
 * Milliseconds; a list at a million keys takes well under a second. It is also how long a change waits for somebody's lock.
 * A shorter time for that would refuse changes that only wait for their turn: imports of ten thousand keys for one owner
 * take some three seconds each, one after the other.
 */
const queryTimeoutMs = 15_000;

/**
 * The driver checks the certificate and its host for each of these words, and warns on stderr that its next version will
 * not. They are given the name of what they are taken for: nobody needs to be warned, and nothing is weakened later.
 */
function nameTlsChecks(url: string): string {
  if (/[?&]uselibpqcompat=true(&|$)/.test(url)) return url;
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/g, '$1verify-full');
}

/** How to connect to it, for whoever does not take a connection out of a pool. */
export function clientConfig(url: string): ClientConfig {
  const types = new TypeOverrides();
  // Times and sequence numbers are below 2^53: read bigint as a number.
  types.setTypeParser(20, Number);
  return {
    connectionString: nameTlsChecks(url),
    types,
    application_name: 'keywright',
    connectionTimeoutMillis: 3000,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
  };
}
