import type { Caller } from '../domain/caller.ts';
import type { LedgerEntry } from '../ledger/entry.ts';

export type AuthTable =
  | 'auth_users'
  | 'auth_sessions'
  | 'auth_credentials'
  | 'auth_verifications'
  | 'auth_second_factors'
  | 'auth_passkeys';
export type AuthValue = string | number | Buffer | null;
/** A row by the names of its columns. */
export type AuthRow = Record<string, AuthValue>;

export type AuthOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** A condition on a row. Several hold together. */
export interface AuthCondition {
  column: string;
  operator: AuthOperator;
  value: AuthValue | AuthValue[];
}

interface AuthSelection {
  limit: number;
  offset?: number;
  orderBy?: { column: string; direction: 'asc' | 'desc' };
}

/** The tables that better-auth reads and writes, row by row. */
export interface AuthRecordStore {
  insert(table: AuthTable, row: AuthRow): Promise<AuthRow>;
  find(table: AuthTable, conditions: AuthCondition[], selection: AuthSelection): Promise<AuthRow[]>;
  count(table: AuthTable, conditions: AuthCondition[]): Promise<number>;
  /** @returns the rows as they are now */
  update(table: AuthTable, conditions: AuthCondition[], values: AuthRow): Promise<AuthRow[]>;
  /** @returns the rows as they were */
  delete(table: AuthTable, conditions: AuthCondition[]): Promise<AuthRow[]>;
}

/** Who did something to these tables, and what the ledger says of it. */
export interface Told {
  caller: Caller;
  entries: LedgerEntry[];
}
