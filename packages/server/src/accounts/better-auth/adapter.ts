import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type CleanedWhere,
  type CustomAdapter,
  createAdapterFactory,
  type WhereOperator,
} from '@better-auth/core/db/adapter';
import type { BetterAuthOptions } from 'better-auth';
import { hashSecret, secretHashBytes } from '../../keys/secret-format.ts';
import type {
  AuthCondition,
  AuthOperator,
  AuthRecordStore,
  AuthRow,
  AuthTable,
  AuthValue,
  Told,
} from '../auth-records.ts';

/** The tables, for reading and in a change of their own. */
export interface AuthRecords {
  read: AuthRecordStore;
  /** @param told what the ledger is to say of it, in the same transaction */
  write<T>(run: (records: AuthRecordStore) => Promise<T>, told?: Told): Promise<T>;
}

/**
 * The way from better-auth to our stores. Each of its writes is a short change of its own, so that none holds the one
 * writer of SQLite while a password is hashed; what needs several writes at once is not left to it.
 *
 * Of a session's token only the SHA-256 is stored. better-auth looks sessions up by the token that it read from a
 * signed cookie, and gets back the row with that token in it. Where it reads sessions in any other way, their tokens
 * are not known here, and what it gets instead of them fits no cookie.
 */
export function createAuthAdapter(records: AuthRecords) {
  return createAdapterFactory<BetterAuthOptions>({
    config: {
      adapterId: 'keywright',
      supportsBooleans: false,
      supportsNumericIds: false,
      // One statement each. Its own transactions would hash passwords inside.
      transaction: false,
      customTransformOutput: ({ data, fieldAttributes }) =>
        fieldAttributes.type === 'date' && typeof data === 'number' ? new Date(data) : data,
    },
    adapter: ({ getFieldName }) => noteFailures(createOperations(records, getFieldName)),
  });
}

type GetFieldName = (field: { model: string; field: string }) => string;

function createOperations({ read, write }: AuthRecords, getFieldName: GetFieldName): CustomAdapter {
  return {
    async create({ model, data }) {
      const table = model as AuthTable;
      const insert = async (records: AuthRecordStore) => {
        // Anybody may make one: what nobody came back for must not pile up.
        if (table === 'auth_verifications') await records.delete(table, [expired()]);
        return records.insert(table, toRow(data));
      };
      const row = await write(insert, tellOf(table, data));
      return fromRow(row, data[tokenField]) as typeof data;
    },
    async findOne({ model, where }) {
      const [row] = await read.find(model as AuthTable, where.map(toCondition), { limit: 1 });
      return row === undefined ? null : (fromRow(row, tokenOf(where)) as never);
    },
    async findMany({ model, where = [], limit, offset, sortBy }) {
      const rows = await read.find(model as AuthTable, where.map(toCondition), {
        limit,
        ...(offset !== undefined && { offset }),
        // Unlike all other names of fields, this one does not come as the column's.
        ...(sortBy && {
          orderBy: { column: getFieldName({ model, field: sortBy.field }), direction: sortBy.direction },
        }),
      });
      return rows.map((row) => fromRow(row, undefined) as never);
    },
    count: ({ model, where = [] }) => read.count(model as AuthTable, where.map(toCondition)),
    async update({ model, where, update }) {
      const values = toRow(update as Record<string, unknown>);
      const [row] = await write((records) =>
        records.update(model as AuthTable, where.map(toCondition), values),
      );
      return row === undefined ? null : (fromRow(row, tokenOf(where)) as never);
    },
    async updateMany({ model, where, update }) {
      const rows = await write((records) =>
        records.update(model as AuthTable, where.map(toCondition), toRow(update)),
      );
      return rows.length;
    },
    async delete({ model, where }) {
      await write((records) => records.delete(model as AuthTable, where.map(toCondition)));
    },
    async consumeOne({ model, where }) {
      const [row] = await write((records) => records.delete(model as AuthTable, where.map(toCondition)));
      return row === undefined ? null : (fromRow(row, tokenOf(where)) as never);
    },
    async deleteMany({ model, where }) {
      const rows = await write((records) => records.delete(model as AuthTable, where.map(toCondition)));
      return rows.length;
    },
  };
}

function expired(): AuthCondition {
  return { column: 'expires_at', operator: '<', value: Date.now() };
}

/** The column of a session's token; no other table has one of this name. */
export const tokenField = 'token_sha256';

const operators: Partial<Record<WhereOperator, AuthOperator>> = {
  eq: '=',
  ne: '!=',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  in: 'in',
  not_in: 'not in',
};

function toCondition({ field, operator, connector, mode, value }: CleanedWhere): AuthCondition {
  const known = operators[operator ?? 'eq'];
  if (known === undefined || connector !== 'AND' || mode !== 'sensitive') {
    throw new Error(`the tables of accounts cannot be searched with ${connector} ${operator} ${mode}`);
  }
  const toColumn = (single: unknown) => toValue(field, single);
  return {
    column: field,
    operator: known,
    value: Array.isArray(value) ? value.map(toColumn) : toColumn(value),
  };
}

function toRow(data: Record<string, unknown>): AuthRow {
  return Object.fromEntries(Object.entries(data).map(([column, value]) => [column, toValue(column, value)]));
}

function toValue(column: string, value: unknown): AuthValue {
  if (column === tokenField) return secretHashBytes(hashSecret(String(value)));
  return value instanceof Date ? value.getTime() : (value as AuthValue);
}

/** @param token what the row was looked up by */
function fromRow(row: AuthRow, token: unknown): Record<string, unknown> {
  return tokenField in row ? { ...row, [tokenField]: token ?? 'unknown' } : row;
}

function tokenOf(where: CleanedWhere[]): unknown {
  return where.find(({ field, operator }) => field === tokenField && operator === 'eq')?.value;
}

interface Telling {
  table: AuthTable;
  tell(row: Record<string, unknown>): Told;
}

const tellings = new AsyncLocalStorage<Telling>();

/** Runs something of better-auth's; what it puts into this table comes with rows of the ledger, or not at all. */
export function telling<T>(table: AuthTable, tell: Telling['tell'], run: () => Promise<T>): Promise<T> {
  return tellings.run({ table, tell }, run);
}

function tellOf(table: AuthTable, data: Record<string, unknown>): Told | undefined {
  const found = tellings.getStore();
  return found?.table === table ? found.tell(data) : undefined;
}

const failures = new AsyncLocalStorage<{ first: unknown }>();

/**
 * Runs something of better-auth's. It takes failures of its database for reasons of its own (a session that cannot be
 * read for one that is not there), which an outage must never be.
 * @throws what a store threw in it, whatever became of that
 */
export async function tellingFailures<T>(run: () => Promise<T>): Promise<T> {
  const found: { first: unknown } = { first: null };
  try {
    const value = await failures.run(found, run);
    if (found.first !== null) throw found.first;
    return value;
  } catch (error) {
    throw found.first ?? error;
  }
}

function noteFailures(adapter: CustomAdapter): CustomAdapter {
  const noting = Object.entries(adapter).map(([name, operation]) => [
    name,
    async (...parameters: unknown[]) => {
      try {
        return await operation(...parameters);
      } catch (error) {
        const found = failures.getStore();
        if (found) found.first ??= error;
        throw error;
      }
    },
  ]);
  return Object.fromEntries(noting) as CustomAdapter;
}
