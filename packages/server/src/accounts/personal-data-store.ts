import type { Role } from '@keywright/contract';
import type { KeyRow } from '../keys/key-store.ts';
import type { StoredInvitation } from '../members/invitation-store.ts';

/** By what a person is known. */
export interface Person {
  id: string;
  email: string;
}

interface KeptMembership {
  projectId: string;
  projectName: string;
  role: Role;
  joinedAt: number;
}

/** A key, and when it was deleted. */
interface KeptKey extends KeyRow {
  deletedAt: number | null;
}

interface KeyOrigin {
  keyId: string;
  ip: string | null;
  userAgent: string | null;
  lastAt: number;
  count: number;
}

interface KeyRefusal {
  keyId: string;
  requestId: string;
  at: number;
  code: string;
  ip: string | null;
  userAgent: string | null;
  request: { method: string; path: string } | null;
}

/** What is kept about a person, wherever it lies; also in projects that are deleted. */
export interface PersonalDataStore {
  memberships(accountId: string): Promise<KeptMembership[]>;
  invitations(email: string): Promise<StoredInvitation[]>;
  /** The keys that the account owns or made, in the order of their ids. */
  keys(accountId: string, afterId: string, limit: number, now: number): Promise<KeptKey[]>;
  /** From where the keys that the account owns were used of late. */
  origins(accountId: string): Promise<KeyOrigin[]>;
  /** The requests with keys that the account owns that were refused of late. */
  refusals(accountId: string): Promise<KeyRefusal[]>;
  /**
   * Deletes the account with its sessions, memberships and invitations, the private parts of the ledger's rows by it,
   * about it and about its keys, what a person wrote about those keys, and from where they were used. The keys stay, and
   * so do the names of deleted projects that had another owner. Revoke the keys before.
   */
  erase(person: Person, at: number): Promise<void>;
  /** The part of `erase` that is about verifications, for those that were counted while it ran. */
  eraseUse(accountId: string): Promise<void>;
}
