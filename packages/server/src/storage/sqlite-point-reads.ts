import type Database from 'better-sqlite3';
import type { NodeStore } from '../cluster/node-store.ts';
import { type SecretHash, secretHashBytes } from '../keys/secret-format.ts';
import { genesis } from '../ledger/entry.ts';
import type { VerificationStore } from '../verification/verification-store.ts';
import { translateError } from './database-error.ts';
import {
  channelQuery,
  fromChannelRow,
  fromFollowedRow,
  fromKeyRow,
  fromServiceKeyRow,
  importsQuery,
  keyQuery,
  serviceKeyQuery,
  tailQuery,
} from './point-queries.ts';
import { parameter } from './sqlite-compiler.ts';

/** Verification's reads on a read-only connection of the main thread, synchronous: a point read takes microseconds. */
export function createSqliteVerificationStore(database: Database.Database): VerificationStore {
  const keys = byHashes(database, keyQuery);
  const serviceKeys = byHashes(database, serviceKeyQuery);
  const channel = database.prepare(channelQuery(parameter, parameter));
  const imports = database.prepare(importsQuery);
  return {
    loadKeys: (hashes) => translated(() => keys(hashes).map(fromKeyRow)),
    loadServiceKeys: (hashes) => translated(() => serviceKeys(hashes).map(fromServiceKeyRow)),
    hasImports: () => translated(() => imports.get() !== undefined),
    loadChannel: (idOrSlug) =>
      translated(() => {
        const row = channel.get(idOrSlug, idOrSlug);
        return row === undefined ? null : fromChannelRow(row);
      }),
  };
}

/** On SQLite the lock on the directory is the registration, and this machine's clock the database's. */
export function createSqliteNodeStore(database: Database.Database): NodeStore {
  const head = database.prepare<[], { seq: number; hash: Buffer }>('SELECT seq, hash FROM ledger_head');
  const hash = database.prepare<[number], { hash: Buffer }>(
    `SELECT hash FROM ledger WHERE seq = ${parameter}`,
  );
  const tail = database.prepare(tailQuery(parameter, parameter));
  const readHead = () =>
    translated(() => {
      const row = head.get();
      if (row === undefined) throw new Error('the ledger has no head');
      return row;
    });
  const hashAt = (seq: number) =>
    translated(() => (seq === 0 ? genesis.hash : (hash.get(seq)?.hash ?? null)));
  return {
    async register() {},
    beat: (appliedSeq) => ({
      headSeq: readHead().seq,
      appliedHash: hashAt(appliedSeq),
      databaseTimeMs: Date.now(),
    }),
    tail: (seq, limit) => translated(() => tail.all(seq, limit).map(fromFollowedRow)),
    head: readHead,
  };
}

/** Runs a query for any number of hashes. Each length has its statement; lengths are rounded up to keep them few. */
function byHashes(database: Database.Database, query: (list: string) => string) {
  const statements = new Map<number, Database.Statement>();
  return (hashes: SecretHash[]): unknown[] => {
    let length = 1;
    while (length < hashes.length) length *= 2;
    let statement = statements.get(length);
    if (statement === undefined) {
      statement = database.prepare(
        query(length === 1 ? `= ${parameter}` : `IN (${Array(length).fill(parameter).join(',')})`),
      );
      statements.set(length, statement);
    }
    const parameters: (Buffer | null)[] = hashes.map(secretHashBytes);
    while (parameters.length < length) parameters.push(null);
    return statement.all(parameters);
  };
}

function translated<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw translateError(error);
  }
}
