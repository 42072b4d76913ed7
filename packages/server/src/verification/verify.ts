import { timingSafeEqual } from 'node:crypto';
import type { LimitState, RefusalCode, VerifyBody, VerifyDoor } from '@keywright/contract';
import type { Fence } from '../cluster/fence.ts';
import type { ServiceKeyCaller } from '../domain/caller.ts';
import type { Clock } from '../domain/clock.ts';
import { DomainError, invalidField } from '../domain/error.ts';
import { couldBeImported, hashSecret, hasValidChecksum, type SecretHash } from '../keys/secret-format.ts';
import type { FollowedRow } from '../ledger/entry.ts';
import { ChannelCache } from './channel-cache.ts';
import { decide } from './decide.ts';
import { ImportWatch } from './import-watch.ts';
import type { LimitedKey, Limiter } from './limiter.ts';
import { RecordCache } from './record-cache.ts';
import { VerificationRecord } from './verification-record.ts';
import type { LoadedChannel, LoadedKey, MaybePromise, VerificationStore } from './verification-store.ts';

/** The outcome of a verification. `key` is null for malformed and not_found. */
export interface Verdict {
  code: 'valid' | RefusalCode;
  key: VerificationRecord | null;
  /** How the key's limits stand after this; empty when it has none, or was refused before they were asked. */
  limits: readonly LimitState[];
  /** For rate_limited and quota_exceeded: when to ask again; null when waiting does not help, and for other codes. */
  retryAfterSeconds: number | null;
}

/** On whose behalf is asked: the keys of which project are known to it; null: of all. */
export type Asker = Pick<ServiceKeyCaller, 'projectId'>;

/** Which request a verification is for: what a refusal is found by afterwards. */
export interface VerificationAbout {
  requestId: string;
  /** The way by which it was asked. */
  door: VerifyDoor;
  /** By gateways: the request that is to pass, without its query. */
  request?: { method: string; path: string };
}

export interface Verifier {
  /**
   * May this request pass? Answers at once when memory knows, else when the database told.
   * @throws unavailable when it could not tell, validation_failed for a channel that does not exist
   */
  verify(request: VerifyBody, asker: Asker, about?: VerificationAbout): Verdict | Promise<Verdict>;
}

/** What gateways ask besides. */
export interface ChannelFinder {
  /** By id or slug; the same object as long as nothing about it changed. */
  channel(idOrSlug: string): MaybePromise<LoadedChannel | null>;
}

/** What was let through, and goes on: a stream or a connection that stays open. */
export interface Passed {
  hash: SecretHash;
  channelId: string;
  ip: string | null;
  /** Which scopes it takes, by the channel's rules as they are. */
  scopesAt(channel: LoadedChannel): readonly string[];
}

interface VerifierOptions {
  store: VerificationStore;
  fence: Pick<Fence, 'isOpen'>;
  clock: Pick<Clock, 'now' | 'wall' | 'fromWall'>;
  appliedSeq(): number;
  limiter: Limiter;
  capacity?: number;
}

const noLimits: readonly LimitState[] = Object.freeze([]);
const unlimited = { limits: noLimits, retryAfterSeconds: null };
const malformed: Verdict = Object.freeze({ code: 'malformed', key: null, ...unlimited });
const absent: Verdict = Object.freeze({ code: 'not_found', key: null, ...unlimited });
/** One or two are usual; more come of changes of the key in between. */
const maxWaits = 10;

const issuingActions = new Set(['key.created', 'key.imported', 'key.rotated']);
const noScopes: string[] = [];

/** The hot path: on a hit it neither waits nor writes nor touches the database. */
export class MemoryVerifier implements Verifier, ChannelFinder {
  readonly #clock: VerifierOptions['clock'];
  readonly #keys: RecordCache<LoadedKey, VerificationRecord>;
  readonly #channels: ChannelCache;
  readonly #limiter: Limiter;
  readonly #imports: ImportWatch;

  constructor({ store, fence, clock, appliedSeq, limiter, capacity }: VerifierOptions) {
    this.#clock = clock;
    this.#limiter = limiter;
    this.#keys = new RecordCache({
      load: (hashes) => store.loadKeys(hashes),
      build: (loaded, project, channel) => new VerificationRecord(loaded, project, channel),
      subjectType: 'key',
      issuingActions,
      fence,
      appliedSeq,
      ...(capacity !== undefined && { capacity }),
    });
    this.#channels = new ChannelCache({ load: (idOrSlug) => store.loadChannel(idOrSlug), fence, appliedSeq });
    this.#imports = new ImportWatch({ store, fence });
  }

  verify(request: VerifyBody, asker: Asker): Verdict | Promise<Verdict> {
    if (request.channel === undefined) return this.#verifyAt(request, asker, null);
    const channel = this.#channels.get(request.channel);
    if (channel instanceof Promise)
      return channel.then((found) => this.#verifyAt(request, asker, visible(found, asker)));
    return this.#verifyAt(request, asker, visible(channel, asker));
  }

  /** @see ChannelFinder */
  channel(idOrSlug: string): MaybePromise<LoadedChannel | null> {
    return this.#channels.get(idOrSlug);
  }

  /**
   * The key as it is now, if what was let through with this secret would be let through again; else null. Nothing is
   * counted or charged.
   * @throws unavailable when it could not tell
   */
  async stillPasses({ hash, channelId, ip, scopesAt }: Passed): Promise<VerificationRecord | null> {
    const channel = await this.#channels.get(channelId);
    const key = await this.#keys.get(hash);
    if (channel === null || key === null) return null;
    const question = { channel, ip, scopes: scopesAt(channel) };
    return decide(key, question, this.#clock.now()) === 'valid' ? key : null;
  }

  /** Drops what a row of the ledger makes stale. */
  apply(row: FollowedRow): void {
    this.#keys.apply(row);
    this.#channels.apply(row);
    this.#imports.apply(row);
  }

  /** Forgets everything. */
  clear(): void {
    this.#keys.clear();
    this.#channels.clear();
    this.#imports.clear();
  }

  /** For the metrics: how many keys are in memory, and how lookups ended. */
  get statistics() {
    return { size: this.#keys.size, ...this.#keys.statistics };
  }

  #verifyAt(
    request: VerifyBody,
    asker: Asker,
    channel: LoadedChannel | null,
    waits = 0,
  ): MaybePromise<Verdict> {
    const secret = request.key ?? request.secret ?? '';
    if (!hasValidChecksum(secret) && !this.#mayBeImported(request)) return malformed;
    const wall = this.#clock.wall();
    const record = this.#keys.get(hashSecret(secret), wall);
    if (record instanceof Promise) {
      return record.then((found) => this.#judge(found, request, asker, channel, this.#clock.now(), waits));
    }
    return this.#judge(record, request, asker, channel, this.#clock.fromWall(wall), waits);
  }

  /** Only a token can have been imported. Asked for what fails the checksum, which in most instances is final. */
  #mayBeImported({ key }: VerifyBody): boolean {
    return key !== undefined && couldBeImported(key) && this.#imports.mayHaveImports();
  }

  #judge(
    key: VerificationRecord | null,
    request: VerifyBody,
    asker: Asker,
    channel: LoadedChannel | null,
    now: number,
    waits: number,
  ): MaybePromise<Verdict> {
    if (key === null || !isPresentedWhole(key, request)) return absent;
    if (asker.projectId !== null && asker.projectId !== key.projectId) return absent;
    const question = { channel, ip: request.ip ?? null, scopes: request.scopes ?? noScopes };
    const code = decide(key, question, now);
    // Written out: this is the one object that every verification makes.
    if (code !== 'valid' || key.limits === null)
      return { code, key, limits: noLimits, retryAfterSeconds: null };
    const charge = this.#limiter.charge(key.limits, request.cost ?? 1, waits > 0);
    if (charge === null) return this.#refill(key.limits, request, asker, channel, waits + 1);
    return { code: charge.code, key, limits: charge.limits, retryAfterSeconds: charge.retryAfterSeconds };
  }

  /** Waits for more of a quota, and then decides anew: all may be different by now. */
  async #refill(
    limits: LimitedKey,
    request: VerifyBody,
    asker: Asker,
    channel: LoadedChannel | null,
    waits: number,
  ): Promise<Verdict> {
    if (waits > maxWaits)
      throw new DomainError('unavailable', { detail: 'The key is changed all the time.' });
    await this.#limiter.refill(limits, request.cost ?? 1);
    return this.#verifyAt(request, asker, channel, waits);
  }
}

/** A token alone, or both halves of a pair: the secret of a pair is no token, nor the other way round. */
function isPresentedWhole(key: VerificationRecord, request: VerifyBody): boolean {
  if (key.publicId === null) return request.key !== undefined;
  if (request.publicId === undefined) return false;
  const [expected, given] = [Buffer.from(key.publicId), Buffer.from(request.publicId)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** @throws validation_failed for a channel that does not exist, or that the asker may not see */
function visible(channel: LoadedChannel | null, asker: Asker): LoadedChannel {
  if (channel !== null && (asker.projectId === null || asker.projectId === channel.projectId)) return channel;
  throw invalidField('channel', 'is not the id or slug of a channel');
}
