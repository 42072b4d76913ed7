import type { Slice } from '../domain/paginate.ts';

/** A person who can sign in. */
export interface StoredAccount {
  id: string;
  /** In lower case; no two accounts have the same. */
  email: string;
  name: string;
  createdAt: number;
}

export interface StoredSession {
  id: string;
  createdAt: number;
  expiresAt: number;
  ipAddress: string | null;
  userAgent: string | null;
}

/** An account with what its list row shows beside it. */
export interface AccountRow extends StoredAccount {
  isInstanceAdmin: boolean;
  /** The address that it asked for and did not confirm yet. */
  pendingEmail: string | null;
  projectCount: number;
}

export interface AccountFilter {
  /** Part of the name or the address. */
  search?: string;
}

export interface AccountStore {
  /** @returns false when another account has the address; nothing is written then */
  insert(account: StoredAccount, passwordHash: string): Promise<boolean>;
  find(id: string): Promise<StoredAccount | null>;
  /** As `find`; the account stays until the transaction ends. Lock its memberships before. */
  hold(id: string): Promise<StoredAccount | null>;
  findByEmail(email: string): Promise<StoredAccount | null>;
  /** Null: the account has no password, or there is no such account. */
  findPasswordHash(id: string): Promise<string | null>;
  /** Nobody else changes it until the transaction ends. */
  lockPasswordHash(id: string): Promise<string | null>;
  setPasswordHash(id: string, passwordHash: string, at: number): Promise<void>;
  /** No other account may have the address: lock the instance, and look, before. */
  setEmail(id: string, email: string, at: number): Promise<void>;
  setName(id: string, name: string, at: number): Promise<void>;

  /** Those that have not expired, newest first. */
  listSessions(accountId: string, now: number): Promise<StoredSession[]>;
  /** @returns false when the account has no such session */
  endSession(accountId: string, sessionId: string): Promise<boolean>;
  /** Ends all sessions of the account but `except`, and the sign-ins that still wait for a second factor. */
  endSessions(accountId: string, except: string | null): Promise<void>;
  /** Ends all sessions of all accounts, and the sign-ins that still wait for a second factor. */
  endAllSessions(): Promise<void>;
  prolongSession(sessionId: string, expiresAt: number): Promise<void>;
  /** The password was proved anew in this session. */
  markAuthenticated(sessionId: string, at: number): Promise<void>;

  hasAdmin(): Promise<boolean>;
  /** @returns false when it is one already */
  grantAdmin(id: string, at: number): Promise<boolean>;
  /** @returns false when it is none */
  revokeAdmin(id: string): Promise<boolean>;

  findRow(id: string): Promise<AccountRow | null>;
  /** Newest first. */
  list(filter: AccountFilter, slice: Slice): Promise<AccountRow[]>;
  count(filter: AccountFilter, max: number): Promise<number>;
}
