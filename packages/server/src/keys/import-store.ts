import type { ChannelPolicy } from '@keywright/contract';
import type { NewSecret, StoredKey } from './key-store.ts';
import type { SecretHash } from './secret-format.ts';

/** What an owner's limits and names depend on, of a key that it has. */
export interface OwnedKey {
  ownerId: string;
  channelId: string | null;
  name: string;
  expiresAt: number | null;
}

/**
 * What an import reads and writes: as the other stores do, but for thousands at once, in parts between which the rest of
 * the process goes on. For changes only, with the project locked before. Locks are taken in the order of the ids.
 */
export interface ImportStore {
  /** Locks the channels among these that are the project's. */
  lockChannels(projectId: string, ids: string[]): Promise<{ id: string; policy: ChannelPolicy }[]>;
  /** Which of these accounts are members. They stay members until the transaction ends. */
  holdMembers(projectId: string, accountIds: string[]): Promise<string[]>;
  /** Makes changes of these owners wait, as `KeyStore.lockOwner` does. */
  lockOwners(projectId: string, ownerIds: string[]): Promise<void>;
  /** The keys of these owners that are neither revoked nor deleted. */
  listOwned(projectId: string, ownerIds: string[]): Promise<OwnedKey[]>;
  /** Which of these are hashes of secrets that are or were here. */
  findKnown(hashes: SecretHash[]): Promise<SecretHash[]>;
  /**
   * Inserts keys, each with its secret. Answers the hashes that another change has brought in the meantime: their keys
   * are without a secret now, so that this change must be given up.
   */
  insert(keys: { key: StoredKey; secret: NewSecret }[]): Promise<SecretHash[]>;
}
