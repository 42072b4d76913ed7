import type { CreateKeyBody, SecretFormat } from '@keywright/contract';
import { newId } from '../domain/id.ts';
import { formatTime } from '../domain/time.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { StoredKey } from './key-store.ts';

interface Making {
  projectId: string;
  ownerId: string | null;
  name: string;
  format: SecretFormat;
  publicId: string | null;
  /** The id of the caller. */
  createdBy: string;
  now: number;
}

/** A key as it is stored when it is new. What `input` leaves out is empty. */
export function newKey(input: Omit<CreateKeyBody, 'name' | 'ownerId'>, making: Making): StoredKey {
  const { now, ...given } = making;
  return {
    ...given,
    id: newId('key', now),
    channelId: input.channelId ?? null,
    description: input.description ?? null,
    status: 'active',
    scopes: input.scopes ?? [],
    metadata: (input.metadata ?? {}) as StoredKey['metadata'],
    rateLimits: input.rateLimits ?? [],
    quota: input.quota ?? null,
    ipAllow: input.ipAllow ?? [],
    expiresAt: input.expiresAt ?? null,
    createdAt: now,
    updatedAt: now,
    revokedAt: null,
    revokedReason: null,
  };
}

/** What the ledger says of a key that begins. */
export function issuedEntry(action: 'key.created' | 'key.imported', key: StoredKey): LedgerEntry {
  return {
    action,
    projectId: key.projectId,
    subject: { type: 'key', id: key.id, name: key.name },
    detail: {
      channelId: key.channelId,
      format: key.format,
      publicId: key.publicId,
      scopes: key.scopes,
      rateLimits: key.rateLimits,
      quota: key.quota,
      expiresAt: formatTime(key.expiresAt),
    },
    privateDetail: { ownerId: key.ownerId, description: key.description, ipAllow: key.ipAllow },
  };
}
