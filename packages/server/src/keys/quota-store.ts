import type { QuotaPeriod } from '@keywright/contract';
import { periodStart } from './quota-period.ts';

/** What is kept of the use of a key's quota. */
export interface QuotaState {
  /** When the period began that `used` is about, in milliseconds since 1970; 0 before the first use. */
  periodStart: number;
  /** What was spent, and what processes have reserved and not spent yet. */
  used: number;
  /** Rises with each restart, so that what was reserved before it is not given back to what begins with it. */
  generation: number;
}

/** Of a key whose quota nobody used yet there is no row. */
export const unusedQuota: QuotaState = Object.freeze({ periodStart: 0, used: 0, generation: 0 });

export interface QuotaStore {
  /** Begins anew with nothing used, and makes worthless what is reserved. Lock the key before. Answers what was. */
  restart(keyId: string): Promise<QuotaState>;
}

/**
 * What is used in the period that `now` is in. A period that lies ahead, because a clock was set back, counts as the
 * present one: setting a clock gives nobody a new quota.
 */
export function usedInPeriod(state: QuotaState, period: QuotaPeriod, now: number): number {
  return state.periodStart < periodStart(period, now) ? 0 : state.used;
}
