import type { BlockList } from 'node:net';
import { formatTime } from '../domain/time.ts';
import { compileRanges } from './address.ts';
import { CachedRecord, type Group } from './cached-record.ts';
import type { DecidableKey } from './decide.ts';
import type { LimitedKey } from './limiter.ts';
import type { LoadedKey } from './verification-store.ts';

/** A key as verification keeps it in memory. What answers show of it is written once, as JSON. */
export class VerificationRecord extends CachedRecord implements DecidableKey {
  // What a verification looks at comes first, so that it lies together.
  readonly publicId: string | null;
  readonly status: LoadedKey['status'];
  readonly retiresAt: number | null;
  /** Two small numbers lie in the record itself; milliseconds since 1970 would be one wait for memory more. */
  readonly #expiryDay: number | null;
  readonly #expiryMs: number;
  readonly allowedAddresses: BlockList | null;
  /** Null: nothing limits it. */
  readonly limits: LimitedKey | null;
  /** @see UsageCounters */
  counterNumber = 0;
  readonly scopes: readonly string[];
  readonly projectId: string;
  readonly channelId: string | null;
  readonly ownerId: string | null;
  /** The JSON text of the contract's `key` in a verification's answer. */
  readonly json: string;

  constructor(loaded: LoadedKey, project: Group | null, channel: Group | null) {
    super({ hash: loaded.hash, id: loaded.id, project, channel });
    this.publicId = loaded.format === 'pair' ? loaded.publicId : null;
    this.status = loaded.status;
    this.retiresAt = loaded.retiresAt;
    this.#expiryDay = loaded.expiresAt === null ? null : Math.floor(loaded.expiresAt / dayMs);
    this.#expiryMs = (loaded.expiresAt ?? 0) - (this.#expiryDay ?? 0) * dayMs;
    this.allowedAddresses = loaded.ipAllow.length === 0 ? null : compileRanges(loaded.ipAllow);
    this.limits = limitsOf(loaded);
    this.scopes = loaded.scopes;
    // The group's texts and not those of this row: among a million keys, each would hold a copy.
    this.projectId = project?.id ?? loaded.projectId;
    this.channelId = channel?.id ?? loaded.channelId;
    this.ownerId = loaded.ownerId;
    this.json = toJson(this, loaded);
  }

  get expiresAt(): number | null {
    return this.#expiryDay === null ? null : this.#expiryDay * dayMs + this.#expiryMs;
  }
}

const dayMs = 86_400_000;

function toJson({ id, projectId, channelId, ownerId }: VerificationRecord, loaded: LoadedKey): string {
  const { name, scopes, metadata } = loaded;
  const expiresAt = formatTime(loaded.expiresAt);
  return JSON.stringify({ id, name, projectId, channelId, ownerId, scopes, metadata, expiresAt });
}

function limitsOf({ id, projectId, rateLimits, quota }: LoadedKey): LimitedKey | null {
  return rateLimits.length === 0 && quota === null ? null : { id, projectId, rateLimits, quota };
}
