import type { LinkPurpose } from '@keywright/contract';
import type { SecretHash } from '../keys/secret-format.ts';

/** A link that is out for an account. Times are milliseconds since 1970. */
export interface StoredLink {
  accountId: string;
  purpose: LinkPurpose;
  /** The address that it confirms, in lower case; null for other purposes. */
  email: string | null;
  createdAt: number;
  expiresAt: number;
}

/** The links that are out for accounts, and the addresses that accounts asked for. They go with their account. */
export interface LinkStore {
  /** Takes the place of the account's former link for the same purpose. */
  put(link: StoredLink, token: SecretHash): Promise<void>;
  /** Reads without a lock, to learn which account to hold; expired ones among them. */
  find(purpose: LinkPurpose, token: SecretHash): Promise<StoredLink | null>;
  /** As `find`; the lock holds until the transaction ends. Hold its account before. */
  lock(purpose: LinkPurpose, token: SecretHash): Promise<StoredLink | null>;
  list(accountId: string): Promise<StoredLink[]>;
  delete(accountId: string, purpose: LinkPurpose): Promise<void>;
  /** Deletes all links of the account, and what address it asked for. */
  deleteAll(accountId: string): Promise<void>;
  /** Deletes the links of all accounts. */
  deleteOfAll(): Promise<void>;

  setPendingEmail(accountId: string, email: string, at: number): Promise<void>;
  findPendingEmail(accountId: string): Promise<string | null>;
  /** With the link for it. */
  deletePendingEmail(accountId: string): Promise<void>;

  /**
   * Deletes links that expired by `now`, and wishes for an address from before `pendingSince`.
   * @param limit of each
   * @returns of how many rows the larger part was
   */
  forget(times: { now: number; pendingSince: number }, limit: number): Promise<number>;
}
