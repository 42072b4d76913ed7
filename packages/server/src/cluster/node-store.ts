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

/** Another process holds the registration, or may do so: from here on the ledger moves without this one being waited for. */
export class RegistrationLost extends Error {
  /** @param message sentences for the person who operates the server */
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RegistrationLost';
  }
}

/** Another process holds it for sure. */
export class RegistrationTaken extends RegistrationLost {
  constructor() {
    super('Another Keywright has taken over this database.');
    this.name = 'RegistrationTaken';
  }
}

/** How a node holds on to the database and follows its ledger. */
export interface NodeStore {
  /**
   * Makes this process the one that answers from memory for this database.
   * @throws StartupError when another one is
   */
  register(): Promise<void>;
  /**
   * Renews the registration and reads the head.
   * @throws RegistrationLost when it was lost and cannot be had again
   */
  beat(appliedSeq: number): MaybePromise<Beat>;
  /** Rows after `seq` in order, at most `limit`. */
  tail(seq: number, limit: number): MaybePromise<FollowedRow[]>;
  head(): MaybePromise<LedgerHead>;
}
