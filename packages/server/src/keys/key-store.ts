import type { KeySort, KeyStatus, QuotaInput, RateLimit, SecretFormat } from '@keywright/contract';
import type { Slice } from '../domain/paginate.ts';
import type { JsonObject } from '../ledger/entry.ts';
import type { QuotaState } from './quota-store.ts';
import type { SecretHash } from './secret-format.ts';

/** A key as it is kept. Times are milliseconds since 1970. */
export interface StoredKey {
  id: string;
  projectId: string;
  channelId: string | null;
  ownerId: string | null;
  name: string;
  description: string | null;
  format: SecretFormat;
  publicId: string | null;
  /** `expired` is not stored: it follows from `expiresAt`. */
  status: 'active' | 'inactive' | 'revoked';
  scopes: string[];
  metadata: JsonObject;
  rateLimits: RateLimit[];
  quota: QuotaInput | null;
  ipAllow: string[];
  expiresAt: number | null;
  createdAt: number;
  createdBy: string;
  updatedAt: number;
  revokedAt: number | null;
  revokedReason: string | null;
}

/** A key with what its list row shows beside it. */
export interface KeyRow extends StoredKey {
  display: string | null;
  /** The secret before the last rotation, while it still works. */
  previous: { display: string | null; retiresAt: number; lastUsedAt: number | null } | null;
  quotaState: QuotaState;
  lastUse: { at: number; ip: string | null; userAgent: string | null } | null;
}

/** A secret that is or was here, with its key as it is or was. */
export interface FoundSecret {
  key: StoredKey;
  /** When the key went, or the whole project with it. */
  deletedAt: number | null;
  display: string | null;
  /** Null: it is the current one, or was when the key was deleted. See `timeOfEnd`. */
  retiresAt: number | null;
}

export interface NewSecret {
  hash: SecretHash;
  display: string | null;
  createdAt: number;
}

interface Revocation {
  reason: string;
  at: number;
}

export interface KeyFilter {
  projectId: string;
  channelId?: string;
  ownerId?: string;
  status?: KeyStatus;
  search?: string;
  /** Only keys of this owner: what else is there is not the caller's to see. */
  visibleTo?: string;
}

/**
 * Deleted keys are not seen through any of these but `findBySecret`; those of deleted projects are not found. Lists and
 * counts are for who knows that the project exists. `now` tells what is expired.
 */
export interface KeyStore {
  insert(key: StoredKey, secret: NewSecret): Promise<void>;
  /** Reads without a lock; for views, and to learn which rows to lock. */
  find(id: string, now: number): Promise<KeyRow | null>;
  /** Reads and locks the key until the transaction ends. Lock its project and its owner before. */
  lock(id: string): Promise<StoredKey | null>;
  /** As `lock`, for those of these keys that are the project's; in the order of their ids, so that two never deadlock. */
  lockAll(projectId: string, ids: string[]): Promise<StoredKey[]>;
  /** The one method that finds deleted keys too, and those of deleted projects, by any secret that they have or had. */
  findBySecret(hash: SecretHash): Promise<FoundSecret | null>;
  update(key: StoredKey): Promise<void>;
  delete(id: string, at: number): Promise<void>;
  /** Makes the owner's changes in this project wait for each other until the transaction ends. */
  lockOwner(projectId: string, ownerId: string): Promise<void>;
  /** How many keys of the owner count towards the limit in one place: the project's own, or one channel's. */
  countCounting(
    place: { projectId: string; channelId: string | null; ownerId: string },
    now: number,
  ): Promise<number>;
  /** Whether the owner has a key of this name that is neither revoked nor deleted, other than `exceptId`. */
  isNameTaken(projectId: string, ownerId: string, name: string, exceptId: string | null): Promise<boolean>;
  /** Which of these names keys of the owner (or, for null, of nobody) have that are neither revoked nor deleted. */
  namesLike(projectId: string, ownerId: string | null, start: string, limit: number): Promise<string[]>;
  /**
   * Adds a secret as the current one. The current one before works until `retiresAt`; one that was already retiring
   * ends now. What ends now is over by every clock.
   */
  addSecret(keyId: string, secret: NewSecret, retiresAt: number, now: number): Promise<void>;
  /** Ends the overlap of a rotation. False when there was none. */
  retirePrevious(keyId: string, now: number): Promise<boolean>;
  /** How many active and inactive keys are bound to a channel, counted no further than `max`. */
  countBoundToChannel(channelId: string, max: number, now: number): Promise<number>;
  /** Reads and locks the keys bound to a channel that are expired. Lock the channel before. */
  lockExpiredOfChannel(channelId: string, now: number): Promise<StoredKey[]>;
  /** The channels that an owner's keys which are not revoked are bound to. */
  channelsOfOwner(projectId: string, ownerId: string): Promise<string[]>;
  /** Reads and locks an owner's keys that are not revoked. Lock the owner before. */
  lockOfOwner(projectId: string, ownerId: string): Promise<StoredKey[]>;
  /** Revokes an owner's keys that are not revoked yet. Lock them before. */
  revokeOfOwner(projectId: string, ownerId: string, revocation: Revocation): Promise<void>;
  list(filter: KeyFilter, sort: KeySort, slice: Slice, now: number): Promise<KeyRow[]>;
  count(filter: KeyFilter, max: number, now: number): Promise<number>;
}
