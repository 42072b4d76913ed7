import type { Role } from '@keywright/contract';

export interface StoredMember {
  accountId: string;
  projectId: string;
  role: Role;
  joinedAt: number;
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
  setRole(projectId: string, accountId: string, role: Role): Promise<void>;
  delete(projectId: string, accountId: string): Promise<void>;
  countOwners(projectId: string): Promise<number>;
}
