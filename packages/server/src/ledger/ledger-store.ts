import type { LedgerAction, SubjectType } from '@keywright/contract';
import type { Person } from '../accounts/personal-data-store.ts';
import type { Slice } from '../domain/paginate.ts';
import type { LedgerHead, StoredLedgerRow } from './entry.ts';

export interface LedgerFilter {
  projectId?: string;
  action?: LedgerAction;
  actor?: string;
  subject?: string;
  subjectTypes?: SubjectType[];
  /** Only rows about keys of the project that this owner has, or had when they were deleted. */
  keysOf?: string;
  /** Only rows by this person, about it, its keys, or invitations for its address. */
  about?: Person;
  /** Milliseconds since 1970, inclusive. */
  from?: number;
  /** Milliseconds since 1970, exclusive. */
  to?: number;
}

export interface LedgerStore {
  /** Moves the head on by `count` and holds its lock until the transaction ends; answers the head before. */
  takeHead(count: number): Promise<LedgerHead>;
  /** Writes the rows that follow the head that was taken, and their last hash into the head. */
  append(rows: StoredLedgerRow[]): Promise<void>;
  head(): Promise<LedgerHead>;
  /** Rows after `seq` in order, whole, at most `limit`. */
  scan(filter: LedgerFilter, afterSeq: number, limit: number): Promise<StoredLedgerRow[]>;
  /** Newest first. */
  list(filter: LedgerFilter, slice: Slice): Promise<StoredLedgerRow[]>;
  /** How many rows match, counted up to `max`. */
  count(filter: LedgerFilter, max: number): Promise<number>;
}
