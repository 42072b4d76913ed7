import type { LimitState, QuotaInput, RateLimit } from '@keywright/contract';
import type { QuotaHoldings, QuotaState } from '../keys/quota-store.ts';
import type { FollowedRow } from '../ledger/entry.ts';
import { QuotaMeter, type QuotaMeterOptions } from './quota.ts';
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
  code: 'valid' | 'rate_limited' | 'quota_exceeded';
  limits: readonly LimitState[];
  /** For a refusal: when to ask again; null when waiting does not help. */
  retryAfterSeconds: number | null;
}

const sweepMs = 1000;
/** In so many sweeps all keys are looked at, or sooner when they are few. */
const sweepsForAll = { rates: 60, quotas: 10 };
const leastPerSweep = 1000;

const finalActions = new Set(['key.revoked', 'key.deleted']);

/**
 * Charges accepted requests to the limits of their keys. All limits are asked before any is charged, with no wait in
 * between: a refused request uses up nothing, and of two at once each sees what the other was charged.
 */
export class Limiter implements QuotaHoldings {
  readonly #clock: QuotaMeterOptions['clock'];
  readonly #rates = new RateLimiter();
  readonly #quotas: QuotaMeter;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: QuotaMeterOptions) {
    this.#clock = options.clock;
    this.#quotas = new QuotaMeter(options);
  }

  /**
   * Charges a request, if it may pass. Null when only the database can tell: wait for `refill`, and decide anew.
   * @param hasWaited whether this request has waited for `refill`
   */
  charge(key: LimitedKey, cost: number, hasWaited = false): Charge | null {
    this.#timer ??= setInterval(() => this.#sweep(), sweepMs).unref();
    const now = this.#clock.monotonic();
    const { rateLimits } = key;
    const windows = this.#rates.windowsOf(key);
    const waitMs = msUntilRoom(rateLimits, windows, { cost, now });
    if (waitMs > 0) {
      const limits = describeWindows(rateLimits, windows, now);
      return { code: 'rate_limited', limits, retryAfterSeconds: wholeSeconds(waitMs) };
    }
    const taken = key.quota === null ? null : this.#quotas.take(key.id, cost, hasWaited);
    if (key.quota !== null && taken === null) return null;
    const code = taken?.code ?? 'valid';
    if (code === 'valid') for (const window of windows) window.charge(cost, now);
    const limits = describeWindows(rateLimits, windows, now);
    if (taken !== null) limits.push(...taken.limits);
    return { code, limits, retryAfterSeconds: code === 'valid' ? null : wholeSeconds(taken?.waitMs ?? 0) };
  }

  /**
   * Reserves more of the key's quota.
   * @throws unavailable when the database is out of reach
   */
  refill(key: LimitedKey, cost: number): Promise<void> {
    return this.#quotas.refill(key, cost);
  }

  /** For how many keys something is remembered. */
  get size(): number {
    return this.#rates.size + this.#quotas.size;
  }

  spent(keyId: string, stored: QuotaState): QuotaState {
    return this.#quotas.spent(keyId, stored);
  }

  /** Forgets what a row of the ledger ends. */
  apply(row: FollowedRow): void {
    const { action, subjectType, subjectId } = row;
    this.#quotas.apply(row);
    if (action === 'project.deleted') this.#rates.forgetProject(subjectId);
    else if (subjectType === 'key' && finalActions.has(action)) this.#rates.forget(subjectId);
  }

  /** The ledger is not the one that was followed. What this process let through stays charged to its windows. */
  clear(): void {
    this.#quotas.clear();
  }

  /** Gives back what is reserved and not spent. Call it when no verification is under way any more. */
  async stop(): Promise<void> {
    this.#rest();
    await this.#quotas.stop();
  }

  /** Drops what is idle; it runs only as long as there is something. */
  #sweep(): void {
    const portion = (size: number, sweeps: number) => Math.max(leastPerSweep, Math.ceil(size / sweeps));
    this.#rates.sweep(this.#clock.monotonic(), portion(this.#rates.size, sweepsForAll.rates));
    this.#quotas.sweep(portion(this.#quotas.size, sweepsForAll.quotas));
    if (this.size === 0) this.#rest();
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

function wholeSeconds(ms: number): number | null {
  return Number.isFinite(ms) ? Math.max(1, Math.ceil(ms / 1000)) : null;
}
