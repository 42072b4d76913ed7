import type { Role } from '@keywright/contract';

/** What an account may do: everything, or what its roles say. */
export interface Authority {
  isInstanceAdmin: boolean;
  /** By the id of each project that is not deleted. */
  roles: ReadonlyMap<string, Role>;
}

export interface AuthorityStore {
  find(accountId: string): Promise<Authority>;
  /** Reads it, and keeps it from being lessened until the transaction ends. Call it before all other locks. */
  lock(accountId: string): Promise<Authority>;
}
