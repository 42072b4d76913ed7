import type { Role } from '@keywright/contract';

/** What an account may do: everything, or what its roles say. */
export interface Authority {
  isInstanceAdmin: boolean;
  /** By the id of each project. */
  roles: ReadonlyMap<string, Role>;
}

export interface AuthorityStore {
  /** Without the roles in projects that are deleted. */
  find(accountId: string): Promise<Authority>;
  /**
   * Reads it, and keeps it from being lessened until the transaction ends. Call it before all other locks. Roles in
   * deleted projects are in it: they are good for nothing, but no change elsewhere must fail for want of them.
   */
  lock(accountId: string): Promise<Authority>;
}
