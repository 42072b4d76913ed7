import type { Key, KeyStatus } from '@keywright/contract';
import { formatTime } from '../domain/time.ts';
import type { KeyRow, StoredKey } from './key-store.ts';
import { type QuotaHoldings, usedInPeriod } from './quota-store.ts';

/** A key's status at a moment. Expiry outranks the switch: an expired key counts for nothing, on or off. */
export function statusOf(key: Pick<StoredKey, 'status' | 'expiresAt'>, now: number): KeyStatus {
  if (key.status === 'revoked') return 'revoked';
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : key.status;
}

/** Whether the key counts towards its owner's limit. */
export function counts(key: Pick<StoredKey, 'status' | 'expiresAt'>, now: number): boolean {
  const status = statusOf(key, now);
  return status === 'active' || status === 'inactive';
}

/** The key as the contract shows it. */
export function viewKey(key: KeyRow, now: number, holdings: QuotaHoldings): Key {
  return {
    id: key.id,
    projectId: key.projectId,
    channelId: key.channelId,
    ownerId: key.ownerId,
    name: key.name,
    description: key.description,
    format: key.format,
    display: key.display,
    publicId: key.publicId,
    status: statusOf(key, now),
    scopes: key.scopes,
    metadata: key.metadata,
    rateLimits: key.rateLimits,
    quota: key.quota && {
      ...key.quota,
      used: usedInPeriod(holdings.spent(key.id, key.quotaState), key.quota.period, now),
    },
    ipAllow: key.ipAllow,
    expiresAt: formatTime(key.expiresAt),
    createdAt: formatTime(key.createdAt),
    createdBy: key.createdBy,
    updatedAt: formatTime(key.updatedAt),
    revokedAt: formatTime(key.revokedAt),
    revokedReason: key.revokedReason,
    lastUsedAt: formatTime(key.lastUse?.at ?? null),
    lastUsedIp: key.lastUse?.ip ?? null,
    lastUsedAgent: key.lastUse?.userAgent ?? null,
    rotation: key.previous && {
      endsAt: formatTime(key.previous.retiresAt),
      previousDisplay: key.previous.display,
      previousLastUsedAt: formatTime(key.previous.lastUsedAt),
    },
  };
}
