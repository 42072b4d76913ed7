import type { ServiceKeyScope } from '@keywright/contract';
import type { Slice } from '../domain/paginate.ts';
import type { SecretHash } from '../keys/secret-format.ts';

export interface StoredServiceKey {
  id: string;
  name: string;
  projectId: string | null;
  scopes: ServiceKeyScope[];
  display: string;
  createdAt: number;
  createdBy: string;
  lastUsedAt: number | null;
  expiresAt: number | null;
  /** Registered from the configuration at boot. */
  bootstrap: boolean;
}

/** Left out: of all, and those for the instance; else of these projects only. */
export interface ServiceKeyFilter {
  projectIds?: string[];
}

/** Deleted service keys are not seen through any of these, except where it says so. */
export interface ServiceKeyStore {
  insert(serviceKey: StoredServiceKey, secret: SecretHash): Promise<void>;
  lock(id: string): Promise<StoredServiceKey | null>;
  /** Retires the current secret for good and makes `secret` the current one. */
  replaceSecret(id: string, secret: SecretHash, display: string, at: number): Promise<void>;
  delete(id: string, at: number): Promise<void>;
  /** The id of the service key whose secret this is or ever was, also of a deleted one; null for an unknown secret. */
  ownerOfSecret(secret: SecretHash): Promise<string | null>;
  /** The live service key that this is the current secret of. */
  findBySecret(secret: SecretHash): Promise<StoredServiceKey | null>;
  /** The live ones that were registered from the configuration. */
  listBootstrap(): Promise<StoredServiceKey[]>;
  /** Newest first. */
  list(filter: ServiceKeyFilter, slice: Slice): Promise<StoredServiceKey[]>;
  count(filter: ServiceKeyFilter, max: number): Promise<number>;
}
