import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely';
import type { Stores } from '../domain/context.ts';
import { hasErrorCode } from '../error-code.ts';
import { type DatabaseFaultError, StartupError } from '../startup-error.ts';
import type { Engine } from './engine.ts';
import { type MigrationState, migrationState } from './migrate.ts';
import { clientConfig, createPool } from './postgres.ts';
import { explainPostgres, findPostgresFault } from './postgres-fault.ts';
import { expectSessions } from './postgres-session.ts';
import type { Schema } from './schema.ts';
import { databaseFile } from './sqlite-files.ts';
import { createStores, withTranslatedErrors } from './stores.ts';

/** Where the data lies: a PostgreSQL address, or else a directory. */
export interface StorageLocation {
  databaseUrl: string | null;
  dataDir: string;
}

export interface StorageInspection {
  engine: Engine;
  version: string;
  migrations: MigrationState;
  databaseTimeMs: number;
  /** Why no server starts on it, and what to do about it. */
  fault: Pick<DatabaseFaultError, 'fault' | 'remedy'> | null;
}

/**
 * Opens what is there for reading, also while a server runs on it. Nothing is made or migrated.
 * @throws StartupError when there is no database yet, or one of a newer program
 */
export async function openReadOnly(
  location: StorageLocation,
): Promise<{ stores: Stores; close(): Promise<void> }> {
  const { db, engine } = await connect(location);
  try {
    const state = await migrationState(db, engine).catch((error: unknown) => refuse(error, engine));
    if (state === 'none')
      throw new StartupError('There is nothing in this database yet: start Keywright once.');
    if (state === 'newer')
      throw new StartupError('This database was written by a newer Keywright. Use that version.');
    return { stores: withTranslatedErrors(createStores(db, engine)), close: () => db.destroy() };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/**
 * Whether there is a database. Of one on PostgreSQL only the connection could tell: it is taken to be there.
 * @throws StartupError when this user may not even look
 */
export function hasDatabase({ databaseUrl, dataDir }: StorageLocation): boolean {
  if (databaseUrl !== null) return true;
  const path = join(dataDir, databaseFile);
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw new StartupError(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Run this as the user that the server runs as.`,
      error,
    );
  }
}

/**
 * What `keywright doctor` tells of the database.
 * @throws DatabaseFaultError when PostgreSQL is out of reach or refuses; of SQLite, what the driver throws
 */
export async function inspectStorage(location: StorageLocation): Promise<StorageInspection> {
  const { db, engine } = await connect(location);
  try {
    const query = engine === 'sqlite' ? sqliteFacts : postgresFacts;
    const { rows } = await query.execute(db);
    const [facts] = rows;
    if (facts === undefined) throw new Error('the database answered nothing');
    return {
      engine,
      version: facts.version,
      migrations: await migrationState(db, engine),
      databaseTimeMs: facts.time ?? Date.now(),
      fault: engine === 'sqlite' ? null : await findPostgresFault(db),
    };
  } catch (error) {
    return refuse(error, engine);
  } finally {
    await db.destroy();
  }
}

/** @throws what a person can use of an error */
function refuse(error: unknown, engine: Engine): never {
  throw engine === 'sqlite' || error instanceof StartupError ? error : explainPostgres(error);
}

interface Facts {
  version: string;
  time: number | null;
}

const sqliteFacts = sql<Facts>`select sqlite_version() as version, null as time`;
const postgresFacts = sql<Facts>`
  select current_setting('server_version') as version,
    (extract(epoch from clock_timestamp()) * 1000)::bigint as time`;

async function connect({
  databaseUrl,
  dataDir,
}: StorageLocation): Promise<{ db: Kysely<Schema>; engine: Engine }> {
  if (databaseUrl !== null) {
    await expectSessions(clientConfig(databaseUrl)).catch((error: unknown) => refuse(error, 'postgres'));
    const pool = createPool(databaseUrl, () => {});
    return { db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }), engine: 'postgres' };
  }
  if (!hasDatabase({ databaseUrl, dataDir }))
    throw new StartupError(`There is no database in ${dataDir} yet: start Keywright once.`);
  const database = new Database(join(dataDir, databaseFile), { readonly: true, timeout: 5000 });
  return { db: new Kysely<Schema>({ dialect: new SqliteDialect({ database }) }), engine: 'sqlite' };
}
