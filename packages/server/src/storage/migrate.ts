import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { StartupError } from '../startup-error.ts';
import type { Engine } from './engine.ts';
import { type MigrationStatements, migrations } from './migrations/index.ts';
import type { Schema } from './schema.ts';

export type MigrationState = 'none' | 'current' | 'behind' | 'newer';

const migrationTableName = 'keywright_migrations';

/**
 * Brings the database to the program's schema, in one transaction: killed half-way it starts again from before.
 * @throws StartupError for a database that a newer program has written
 */
export async function migrate(db: Kysely<Schema>, engine: Engine, all = migrations): Promise<void> {
  if ((await migrationState(db, engine, all)) === 'newer') {
    throw new StartupError(
      'This database was written by a newer Keywright. Install that version or a later one; this one would misread it.',
    );
  }
  const run = (on: Kysely<Schema>) => migrateToLatest(on, engine, all);
  // The migrator makes tables of its own before its transaction: around it, these go as well when a migration fails.
  await (engine === 'postgres' ? db.transaction().execute(run) : run(db));
}

async function migrateToLatest(db: Kysely<Schema>, engine: Engine, all: typeof migrations): Promise<void> {
  // In a transaction that failed, the migrator fails once more as it lets go of its lock: the first failure has the reason.
  const failures: unknown[] = [];
  const migrator = new Migrator({
    db,
    migrationTableName,
    ...(engine === 'postgres' && { migrationTableSchema: await schemaOf(db, migrationTableName) }),
    migrationLockTableName: 'keywright_migrations_lock',
    provider: { getMigrations: async () => toKysely(engine, all, failures) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw failures[0] ?? error;
}

/** How the database's schema stands to the program's. Reads only. */
export async function migrationState(
  db: Kysely<Schema>,
  engine: Engine,
  all = migrations,
): Promise<MigrationState> {
  if (!(await isThere(db, engine, migrationTableName))) return 'none';
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(migrationTableName)}`.execute(db);
  const applied = new Set(rows.map((row) => row.name));
  const known = Object.keys(all);
  if ([...applied].some((name) => !known.includes(name))) return 'newer';
  return known.every((name) => applied.has(name)) ? 'current' : applied.size === 0 ? 'none' : 'behind';
}

async function isThere(db: Kysely<Schema>, engine: Engine, table: string): Promise<boolean> {
  const found =
    engine === 'postgres'
      ? sql`SELECT 1 FROM pg_class WHERE oid = to_regclass(${table})`
      : sql`SELECT 1 FROM sqlite_schema WHERE name = ${table}`;
  return (await found.execute(db)).rows.length > 0;
}

/**
 * Where a table is, or will be made. Kysely by itself looks into every schema of a PostgreSQL database, and would take
 * the tables of another installation for those of this one.
 */
async function schemaOf(db: Kysely<Schema>, table: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    SELECT coalesce((
      SELECT nspname FROM pg_namespace JOIN pg_class ON relnamespace = pg_namespace.oid
      WHERE pg_class.oid = to_regclass(${table})
    ), current_schema()) AS name`.execute(db);
  const [schema] = rows;
  if (schema === undefined) throw new Error('the database answered nothing');
  return schema.name;
}

function toKysely(engine: Engine, all: Readonly<Record<string, MigrationStatements>>, failures: unknown[]) {
  const run = async (statement: string, db: Kysely<unknown>) => {
    try {
      await sql.raw(statement).execute(db);
    } catch (error) {
      failures.push(error);
      throw error;
    }
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, statements]) => [
      name,
      {
        async up(db: Kysely<unknown>) {
          for (const statement of statements(engine)) await run(statement, db);
        },
      },
    ]),
  );
}
