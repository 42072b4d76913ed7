import { type LimitState, type QuotaInput, quotaName } from '@keywright/contract';
import { periodEnd } from '../keys/quota-period.ts';
import type { HeldBlock, QuotaState, Reservation } from '../keys/quota-store.ts';

/** When something is asked of a meter. */
export interface Moment {
  /** The database's clock, in milliseconds since 1970. */
  now: number;
  monotonic: number;
  /** Whether what the database told last counts: this node may answer from memory, or the request waited for it. */
  isTrusted: boolean;
}

/** What came of taking units. */
export interface Taken {
  code: 'valid' | 'quota_exceeded';
  limits: LimitState[];
  /** For a refusal: how long until there is enough; Infinity when there never is by itself. */
  waitMs: number;
}

/** What the database said with the last reservation. */
interface Told {
  quota: QuotaInput | null;
  state: QuotaState;
  /** When the period ends, by the database's clock. */
  endsAt: number;
  /** On the monotonic clock. */
  receivedAt: number;
}

/** So long it is believed that nothing is left: another node may give something back. */
const trustMs = 1000;

/** What this process has reserved of one key's quota, and how fast it is spent. */
export class KeyMeter {
  readonly keyId: string;
  readonly projectId: string;
  #told: Told | null = null;
  #held = 0;
  #lastUsedAt = 0;
  /** What the present second spent, and the one before it. */
  #second = 0;
  #inSecond = 0;
  #inSecondBefore = 0;

  constructor(keyId: string, projectId: string) {
    this.keyId = keyId;
    this.projectId = projectId;
  }

  /** Spends held units. Null when it takes a reservation to tell whether there are enough. */
  take(cost: number, moment: Moment): Taken | null {
    const told = this.#toldAt(moment);
    if (told === null) return null;
    if (told.quota === null) return { code: 'valid', limits: [], waitMs: 0 };
    const { limit } = told.quota;
    if (cost <= this.#held) {
      this.#held -= cost;
      this.#count(cost, moment.monotonic);
      return { code: 'valid', limits: [this.#describe(told, limit, moment.now)], waitMs: 0 };
    }
    const mayBeMore = moment.monotonic - told.receivedAt >= trustMs;
    if (mayBeMore || cost <= this.#held + limit - told.state.used) return null;
    this.#lastUsedAt = moment.monotonic;
    return {
      code: 'quota_exceeded',
      limits: [this.#describe(told, limit, moment.now)],
      waitMs: cost > limit ? Number.POSITIVE_INFINITY : told.endsAt - moment.now,
    };
  }

  /** How many units are held that may be spent. */
  heldAt(moment: Moment): number {
    return this.#toldAt(moment) === null ? 0 : this.#held;
  }

  /**
   * How much to reserve beyond what is needed at once: what the last second spent, but no more than a hundredth of the
   * limit, since a crash wastes it.
   */
  reserveAhead(limit: number, monotonic: number): number {
    this.#count(0, monotonic);
    const spent = Math.max(this.#inSecond, this.#inSecondBefore);
    return Math.max(1, Math.min(Math.floor(limit / 100), spent));
  }

  /** Takes in a reservation. What was held before it stays only if nothing was set or begun anew in between. */
  receive({ quota, granted, state }: Reservation, receivedAt: number): void {
    const before = this.#told;
    const isSame =
      before?.quota?.limit === quota?.limit &&
      before?.state.generation === state.generation &&
      before.state.periodStart === state.periodStart;
    this.#held = (isSame ? this.#held : 0) + granted;
    const endsAt = quota === null ? Number.POSITIVE_INFINITY : periodEnd(quota.period, state.periodStart);
    this.#told = { quota, state, endsAt, receivedAt };
    this.#lastUsedAt = receivedAt;
  }

  /** What is held, for giving it back; null when that is nothing. */
  block(): HeldBlock | null {
    if (this.#told === null || this.#held === 0) return null;
    return { keyId: this.keyId, units: this.#held, state: this.#told.state };
  }

  isIdle(monotonic: number, forMs: number): boolean {
    return monotonic - this.#lastUsedAt >= forMs;
  }

  #toldAt({ now, isTrusted }: Moment): Told | null {
    const told = this.#told;
    return isTrusted && told !== null && now < told.endsAt ? told : null;
  }

  #count(units: number, monotonic: number): void {
    const second = Math.floor(monotonic / 1000);
    if (second !== this.#second) {
      this.#inSecondBefore = second === this.#second + 1 ? this.#inSecond : 0;
      this.#inSecond = 0;
      this.#second = second;
    }
    this.#inSecond += units;
    this.#lastUsedAt = monotonic;
  }

  #describe({ state, endsAt }: Told, limit: number, now: number): LimitState {
    const remaining = Math.max(0, limit - state.used + this.#held);
    const resetSeconds = endsAt === Number.POSITIVE_INFINITY ? null : Math.ceil((endsAt - now) / 1000);
    return { name: quotaName, limit, remaining, resetSeconds };
  }
}
