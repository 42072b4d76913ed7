import { type Kysely, sql } from 'kysely';
import { DatabaseFaultError } from '../startup-error.ts';
import { migrationState } from './migrate.ts';
import type { Schema } from './schema.ts';

/** What PostgreSQL or the way to it says, as a fault with what to do about it. */
export function explainPostgres(error: unknown): DatabaseFaultError {
  if (error instanceof DatabaseFaultError) return error;
  const { message, code } = reasonOf(error);
  const fault = message === '' ? code : message;
  return new DatabaseFaultError(`${fault}.`, findRemedy(code, message), error);
}

/** Where a name has several addresses, the error that counts is in a list of them. */
function reasonOf(error: unknown): { message: string; code: string } {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { message = String(first), code = '' } = (first ?? {}) as { message?: string; code?: unknown };
  return { message, code: String(code) };
}

function findRemedy(code: string, message: string): string {
  const found = remedies.find(({ codes, words }) => codes.test(code) || words?.test(message));
  return found?.remedy ?? 'See that PostgreSQL runs, and that KEYWRIGHT_DATABASE_URL leads to it.';
}

const leadToOriginal = 'Let KEYWRIGHT_DATABASE_URL lead to the server that takes changes.';

const remedies: readonly { codes: RegExp; words?: RegExp; remedy: string }[] = [
  {
    codes: /^28/,
    // What the driver says when the URL has no password.
    words: /password must be a string/,
    remedy: 'Correct the user and password in KEYWRIGHT_DATABASE_URL, or let them in (pg_hba.conf).',
  },
  {
    codes: /^3D000$/,
    remedy: 'Make it (CREATE DATABASE), or correct its name in KEYWRIGHT_DATABASE_URL.',
  },
  {
    codes: /^42501$/,
    remedy: 'Make the user the owner of the database, or of the schema and all that is in it.',
  },
  {
    codes: /^42P07$/,
    remedy: 'Tables of something else are in the way: give Keywright a database or schema of its own.',
  },
  {
    codes: /^25006$/,
    remedy: leadToOriginal,
  },
  {
    codes: /^53300$/,
    remedy: 'Keywright takes up to 16 connections: raise max_connections, or the limit of the user.',
  },
  {
    codes: /^57P03$/,
    remedy: 'Wait until PostgreSQL has started.',
  },
  {
    // PgBouncer says so of a parameter that it does not know. Told to ignore it, it would: with a search_path in it that
    // leads to other tables.
    codes: /^08P01$/,
    remedy:
      'Leave it out of KEYWRIGHT_DATABASE_URL and set it for the user, as in ALTER ROLE keywright SET search_path = own.',
  },
  {
    codes: /CERT|^UNABLE_TO_|^ERR_TLS|^ERR_SSL/,
    // The last of them is a file that sslrootcert names in vain.
    words: /SSL|certificate|, open '/,
    remedy: 'See to the certificate of PostgreSQL, and to sslmode and sslrootcert in KEYWRIGHT_DATABASE_URL.',
  },
];

const oldestVersion = 150_000;

interface Surroundings {
  version: number;
  encoding: string;
  isReadOnly: boolean;
  schema: string | null;
  mayCreate: boolean;
}

const surroundings = sql<Surroundings>`
  SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
    current_setting('transaction_read_only') = 'on' AS "isReadOnly", current_schema() AS schema,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS "mayCreate"`;

/** Why Keywright cannot start on the database as it is; null when nothing speaks against it. Reads only. */
export async function findPostgresFault(db: Kysely<Schema>): Promise<DatabaseFaultError | null> {
  const { rows } = await surroundings.execute(db);
  const [found] = rows;
  if (found === undefined) throw new Error('the database answered nothing');
  const fault = judgeSurroundings(found);
  if (fault !== null || found.mayCreate) return fault;
  // Who has taken the right away after the first start keeps a server that has all of its tables.
  if ((await migrationState(db, 'postgres')) === 'current') return null;
  return new DatabaseFaultError(
    `the user may make no tables in the schema ${found.schema}.`,
    'Make it the owner of the database or of the schema.',
  );
}

function judgeSurroundings({
  version,
  encoding,
  isReadOnly,
  schema,
}: Surroundings): DatabaseFaultError | null {
  if (version < oldestVersion)
    return new DatabaseFaultError(
      `PostgreSQL ${Math.floor(version / 10_000)} is too old.`,
      'Upgrade it to PostgreSQL 15 or newer.',
    );
  if (encoding !== 'UTF8')
    return new DatabaseFaultError(
      `it is encoded in ${encoding}, which cannot hold every name.`,
      `Make one with ENCODING 'UTF8'.`,
    );
  // A copy has none of the original's locks, which tell whether a Keywright runs there.
  if (isReadOnly) return new DatabaseFaultError('it is read-only.', leadToOriginal);
  if (schema === null)
    return new DatabaseFaultError(
      "the user's search_path names no schema that there is.",
      'Make the schema, or correct the search_path.',
    );
  return null;
}
