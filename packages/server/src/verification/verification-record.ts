import type { BlockList } from 'node:net';
import { formatTime } from '../domain/time.ts';
import type { SecretHash } from '../keys/secret-format.ts';
import { compileRanges } from './address.ts';
import type { DecidableKey } from './decide.ts';
import type { LimitedKey } from './limiter.ts';
import type { CachedRecord, Group } from './record-map.ts';
import type { UsageRun } from './usage-counter.ts';
import type { LoadedKey } from './verification-store.ts';

/** A key as verification keeps it in memory. What answers show of it is written once, as JSON. */
export interface VerificationRecord extends DecidableKey, CachedRecord, UsageRun {
  readonly hash: SecretHash;
  readonly publicId: string | null;
  readonly ownerId: string | null;
  readonly allowedAddresses: BlockList | null;
  /** Null: nothing limits it. */
  readonly limits: LimitedKey | null;
  /** The JSON text of the contract's `key` in a verification's answer. */
  readonly json: string;
}

export function buildVerificationRecord(
  loaded: LoadedKey,
  project: Group | null,
  channel: Group | null,
): VerificationRecord {
  const { hash, id, name, ownerId, scopes, metadata, expiresAt } = loaded;
  // The group's texts and not those of this row: among a million keys, each would hold a copy.
  const projectId = project?.id ?? loaded.projectId;
  const channelId = channel?.id ?? loaded.channelId;
  const shown = {
    id,
    name,
    projectId,
    channelId,
    ownerId,
    scopes,
    metadata,
    expiresAt: formatTime(expiresAt),
  };
  // What a verification looks at comes first, so that it lies together, and nothing is spread into
  // this: a hit among many keys is as fast as memory.
  return {
    hashNumber: 0,
    hash,
    nextByHash: null,
    epoch: 0,
    project,
    channel,
    publicId: loaded.format === 'pair' ? loaded.publicId : null,
    status: loaded.status,
    retiresAt: loaded.retiresAt,
    expiresAt,
    allowedAddresses: loaded.ipAllow.length === 0 ? null : compileRanges(loaded.ipAllow),
    limits: limitsOf(loaded),
    usedMinute: 0,
    useCount: 0,
    lastUsedMs: 0,
    ip: null,
    userAgent: null,
    counter: null,
    scopes,
    projectId,
    channelId,
    id,
    json: JSON.stringify(shown),
    ownerId,
    idNumber: 0,
    nextById: null,
  };
}

function limitsOf({ id, projectId, rateLimits, quota }: LoadedKey): LimitedKey | null {
  return rateLimits.length === 0 && quota === null ? null : { id, projectId, rateLimits, quota };
}
