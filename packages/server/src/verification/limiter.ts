import type { LimitState, QuotaInput, RateLimit } from '@keywright/contract';
import type { Clock } from '../domain/clock.ts';
import type { FollowedRow } from '../ledger/entry.ts';
import { describeWindows, msUntilRoom, RateLimiter } from './rate-limit.ts';

/** A key that has limits, with what they are. */
export interface LimitedKey {
  id: string;
  projectId: string;
  rateLimits: readonly RateLimit[];
  quota: QuotaInput | null;
}

/** Whether a request may be charged to a key, and was, and how its limits stand then. */
export interface Charge {
  code: 'valid' | 'rate_limited';
  limits: readonly LimitState[];
  /** For a refusal: when to ask again; null when waiting does not help. */
  retryAfterSeconds: number | null;
}

interface LimiterOptions {
  clock: Pick<Clock, 'monotonic'>;
}

const sweepMs = 1000;
/** All keys are looked at once a minute, or sooner when they are few. */
const sweepsForAll = 60;
const leastPerSweep = 1000;

const finalActions = new Set(['key.revoked', 'key.deleted']);

/**
 * Charges accepted requests to the limits of their keys. All limits are asked before any is charged, with no wait in
 * between: a refused request uses up nothing, and of two at once each sees what the other was charged.
 */
export class Limiter {
  readonly #clock: LimiterOptions['clock'];
  readonly #rates = new RateLimiter();
  #timer: NodeJS.Timeout | null = null;

  constructor({ clock }: LimiterOptions) {
    this.#clock = clock;
  }

  charge(key: LimitedKey, cost: number): Charge {
    this.#timer ??= setInterval(() => this.#sweep(), sweepMs).unref();
    const now = this.#clock.monotonic();
    const windows = this.#rates.windowsOf(key);
    const waitMs = msUntilRoom(key.rateLimits, windows, { cost, now });
    if (waitMs === 0) for (const window of windows) window.charge(cost, now);
    return {
      code: waitMs === 0 ? 'valid' : 'rate_limited',
      limits: describeWindows(key.rateLimits, windows, now),
      retryAfterSeconds: waitMs === 0 ? null : wholeSeconds(waitMs),
    };
  }

  /** For how many keys something is remembered. */
  get size(): number {
    return this.#rates.size;
  }

  /** Forgets the keys that a row of the ledger says are dead for good. */
  apply({ action, subjectType, subjectId }: FollowedRow): void {
    if (action === 'project.deleted') this.#rates.forgetProject(subjectId);
    else if (subjectType === 'key' && finalActions.has(action)) this.#rates.forget(subjectId);
  }

  /** Drops what is idle; it runs only as long as there is something. */
  #sweep(): void {
    const count = Math.max(leastPerSweep, Math.ceil(this.#rates.size / sweepsForAll));
    this.#rates.sweep(this.#clock.monotonic(), count);
    if (this.#rates.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}

function wholeSeconds(ms: number): number | null {
  return Number.isFinite(ms) ? Math.max(1, Math.ceil(ms / 1000)) : null;
}
