import type { ChannelGateway, QuotaInput, RateLimit, SecretFormat } from '@keywright/contract';
import type { SecretHash } from '../keys/secret-format.ts';
import type { JsonObject } from '../ledger/entry.ts';

export type MaybePromise<T> = T | Promise<T>;

/** What a verification reads of a key, found by the hash of one of its secrets. */
export interface LoadedKey {
  hash: SecretHash;
  /** When this secret stops working; null for the current one. Milliseconds since 1970. */
  retiresAt: number | null;
  id: string;
  projectId: string;
  channelId: string | null;
  ownerId: string | null;
  name: string;
  format: SecretFormat;
  publicId: string | null;
  status: 'active' | 'inactive' | 'revoked';
  scopes: string[];
  metadata: JsonObject;
  ipAllow: string[];
  rateLimits: RateLimit[];
  quota: QuotaInput | null;
  expiresAt: number | null;
}

export interface LoadedServiceKey {
  hash: SecretHash;
  id: string;
  name: string;
  projectId: string | null;
  scopes: string[];
  expiresAt: number | null;
}

export interface LoadedChannel {
  id: string;
  projectId: string;
  slug: string;
  upstream: string | null;
  gateway: ChannelGateway;
}

/**
 * The point reads that a verification makes when its memory does not know. They answer at once where the engine can.
 * Deleted keys, and those of deleted projects, are not found.
 */
export interface VerificationStore {
  loadKeys(hashes: SecretHash[]): MaybePromise<LoadedKey[]>;
  loadServiceKeys(hashes: SecretHash[]): MaybePromise<LoadedServiceKey[]>;
  /** Whether keys were ever imported into this instance. */
  hasImports(): MaybePromise<boolean>;
  /** By id or slug. */
  loadChannel(idOrSlug: string): MaybePromise<LoadedChannel | null>;
}
