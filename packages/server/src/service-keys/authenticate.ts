import type { ServiceKeyScope } from '@keywright/contract';
import type { Fence } from '../cluster/fence.ts';
import type { ServiceKeyCaller } from '../domain/caller.ts';
import type { Clock } from '../domain/clock.ts';
import { DomainError } from '../domain/error.ts';
import { hashSecret, hasValidChecksum, type SecretHash, secretLength } from '../keys/secret-format.ts';
import type { FollowedRow } from '../ledger/entry.ts';
import { CachedRecord, type Group } from '../verification/cached-record.ts';
import { RecordCache } from '../verification/record-cache.ts';
import type { LoadedServiceKey, VerificationStore } from '../verification/verification-store.ts';

/**
 * Who calls, by the value of the `Authorization` header: at once when memory knows.
 * @throws unauthenticated, unavailable
 */
export type Authenticate = (
  authorization: string | undefined,
) => ServiceKeyCaller | Promise<ServiceKeyCaller>;

class ServiceKeyRecord extends CachedRecord {
  readonly caller: ServiceKeyCaller;
  readonly expiresAt: number | null;

  constructor(loaded: LoadedServiceKey, project: Group | null) {
    const { hash, id, name, projectId, expiresAt } = loaded;
    super({ hash, id, project, channel: null });
    const scopes = new Set(loaded.scopes as ServiceKeyScope[]);
    this.caller = Object.freeze({ type: 'service_key', id, name, projectId, scopes });
    this.expiresAt = expiresAt;
  }
}

interface AuthenticatorOptions {
  store: VerificationStore;
  fence: Pick<Fence, 'isOpen'>;
  clock: Pick<Clock, 'now'>;
  appliedSeq(): number;
  /** Told of each service key that is accepted. */
  onUse?(caller: ServiceKeyCaller): void;
}

/** Service keys are remembered and forgotten by the same rules as keys, so that a deleted one is dead at once too. */
export class Authenticator {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #onUse: ((caller: ServiceKeyCaller) => void) | undefined;
  readonly #serviceKeys: RecordCache<LoadedServiceKey, ServiceKeyRecord>;

  constructor({ store, fence, clock, appliedSeq, onUse }: AuthenticatorOptions) {
    this.#clock = clock;
    this.#onUse = onUse;
    this.#serviceKeys = new RecordCache({
      load: (hashes) => store.loadServiceKeys(hashes),
      build: (loaded, project) => new ServiceKeyRecord(loaded, project),
      subjectType: 'service_key',
      issuingActions: new Set(['service_key.created', 'service_key.rotated']),
      fence,
      appliedSeq,
    });
  }

  /** @see Authenticate */
  authenticate(authorization: string | undefined): ServiceKeyCaller | Promise<ServiceKeyCaller> {
    const record = this.#serviceKeys.get(readBearer(authorization));
    if (record instanceof Promise) return record.then((found) => this.#accept(found));
    return this.#accept(record);
  }

  apply(row: FollowedRow): void {
    this.#serviceKeys.apply(row);
  }

  clear(): void {
    this.#serviceKeys.clear();
  }

  #accept(record: ServiceKeyRecord | null): ServiceKeyCaller {
    if (record === null) throw unauthenticated('This service key is not known here, or it was deleted.');
    if (record.expiresAt !== null && record.expiresAt <= this.#clock.now()) {
      throw unauthenticated('This service key has expired.');
    }
    this.#onUse?.(record.caller);
    return record.caller;
  }
}

/** As nearly everybody writes it; what follows is held to the checksum anyway. */
const usual = 'Bearer ';
const scheme = /^Bearer +([^\s]+) *$/i;

function readBearer(authorization: string | undefined): SecretHash {
  if (authorization === undefined)
    throw unauthenticated('Send a service key as "Authorization: Bearer <service key>".');
  const isUsual = authorization.length === usual.length + secretLength && authorization.startsWith(usual);
  const secret = isUsual ? authorization.slice(usual.length) : scheme.exec(authorization)?.[1];
  if (secret === undefined) throw unauthenticated('The Authorization header must be "Bearer <service key>".');
  if (!hasValidChecksum(secret)) {
    throw unauthenticated('This is not a service key: its length or checksum is wrong. Was it copied whole?');
  }
  return hashSecret(secret);
}

function unauthenticated(detail: string): DomainError {
  return new DomainError('unauthenticated', { detail });
}
