import type { Role } from '@keywright/contract';
import type { Slice } from '../domain/paginate.ts';
import type { SecretHash } from '../keys/secret-format.ts';

/** An invitation that was neither accepted nor taken back. Times are milliseconds since 1970. */
export interface StoredInvitation {
  id: string;
  projectId: string;
  /** In lower case. A project has one invitation for an address at most. */
  email: string;
  role: Role;
  createdAt: number;
  createdBy: string;
  expiresAt: number;
}

/** Those of deleted projects are not seen through any of these. */
export interface InvitationStore {
  insert(invitation: StoredInvitation, token: SecretHash): Promise<void>;
  /** Reads without a lock, to learn which project to lock. */
  findByToken(token: SecretHash): Promise<StoredInvitation | null>;
  /** The lock holds until the transaction ends. Lock its project before. */
  lock(id: string): Promise<StoredInvitation | null>;
  delete(id: string): Promise<void>;
  /** Deletes those of a project that are for an address. @returns them */
  deleteFor(projectId: string, email: string): Promise<StoredInvitation[]>;
  /** Deletes those of a project that an account made. @returns them */
  deleteBy(projectId: string, accountId: string): Promise<StoredInvitation[]>;
  /** Newest first, expired ones among them. */
  list(projectId: string, slice: Slice): Promise<StoredInvitation[]>;
  count(projectId: string, max: number): Promise<number>;
}
