import type { FollowedRow, LedgerHead } from '../ledger/entry.ts';
import type { MaybePromise } from '../verification/verification-store.ts';

/** What a node learns with each heartbeat, in one round trip. */
export interface Beat {
  headSeq: number;
  /** The hash of the row that this node applied last; null when the ledger has no such row. */
  appliedHash: Buffer | null;
  /** The database's clock, in milliseconds since 1970. */
  databaseTimeMs: number;
}

/** How a node holds on to the database and follows its ledger. */
export interface NodeStore {
  /**
   * Makes this process the one that answers from memory for this database.
   * @throws StartupError when another one is
   */
  register(): Promise<void>;
  /** Renews the registration and reads the head. Fails when the registration is lost and cannot be had again. */
  beat(appliedSeq: number): MaybePromise<Beat>;
  /** Rows after `seq` in order, at most `limit`. */
  tail(seq: number, limit: number): MaybePromise<FollowedRow[]>;
  head(): MaybePromise<LedgerHead>;
}
