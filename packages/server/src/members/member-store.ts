import type { Role } from '@keywright/contract';
import type { Slice } from '../domain/paginate.ts';

export interface StoredMember {
  accountId: string;
  projectId: string;
  role: Role;
  joinedAt: number;
}

/** A member with what its list row shows beside it. */
export interface MemberRow extends StoredMember {
  name: string;
  email: string;
  keyCount: number;
}

export interface MemberFilter {
  projectId: string;
  /** Only this account, and those who run the project: what else is there is not the caller's to see. */
  visibleTo?: string;
}

export interface MemberStore {
  /** @returns false when the account is a member already; its role stays then */
  insert(member: StoredMember): Promise<boolean>;
  /** Whether the account is a member of the project. If so, it stays one until the transaction ends. */
  hold(projectId: string, accountId: string): Promise<boolean>;
  /**
   * Makes all that takes a role away, or the administration of the instance, wait for each other until the transaction
   * ends. It comes before all other locks: two who remove each other hold their own memberships already.
   */
  lockAll(): Promise<void>;
  /** Reads and locks a membership until the transaction ends. Lock it before the project. */
  lock(projectId: string, accountId: string): Promise<StoredMember | null>;
  /** As `lock`, for all memberships of an account, those in deleted projects among them. */
  lockOfAccount(accountId: string): Promise<StoredMember[]>;
  setRole(projectId: string, accountId: string, role: Role): Promise<void>;
  delete(projectId: string, accountId: string): Promise<void>;
  countOwners(projectId: string): Promise<number>;
  /** Whether the account with this address (in lower case) is a member. */
  hasEmail(projectId: string, email: string): Promise<boolean>;
  find(projectId: string, accountId: string): Promise<MemberRow | null>;
  /** The newest account first. */
  list(filter: MemberFilter, slice: Slice): Promise<MemberRow[]>;
  count(filter: MemberFilter, max: number): Promise<number>;
}
