import type { QuotaInput, QuotaPeriod } from '@keywright/contract';
import { periodEnd, periodStart } from './quota-period.ts';

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

export interface ReservationRequest {
  keyId: string;
  /** With fewer units than this nothing could be done, and so none are reserved. */
  least: number;
  /** How many are reserved when there are so many, else what is left. */
  wanted: number;
  /** The database's clock. */
  now: number;
  /** Whether that clock has gone evenly for some time. */
  isSettled: boolean;
}

export interface Reservation {
  /** As it is set now; null: the key has none any more, and nothing was reserved. */
  quota: QuotaInput | null;
  granted: number;
  /** With the reserved units in it. */
  state: QuotaState;
}

/** Units that were reserved and not spent. */
export interface HeldBlock {
  keyId: string;
  units: number;
  /** As it was when they were reserved. */
  state: QuotaState;
}

/** All of these are for transactions. */
export interface QuotaStore {
  /** Takes units out of a quota before they are spent. Locks nothing but the quota's own row. */
  reserve(request: ReservationRequest): Promise<Reservation>;
  /** Puts units back, where the period that they were reserved in is still the one that is counted. */
  giveBack(blocks: readonly HeldBlock[]): Promise<void>;
  /** Begins anew with nothing used, and makes worthless what is reserved. Lock the key before. Answers what was. */
  restart(keyId: string): Promise<QuotaState>;
}

/** What this process has reserved is in the database as used, though nobody has used it yet. */
export interface QuotaHoldings {
  /** The stored state without what this process holds unspent. */
  spent(keyId: string, stored: QuotaState): QuotaState;
}

/**
 * What is used in the period that `now` is in. A period that lies ahead, because a clock was set back, counts as the
 * present one: setting a clock gives nobody a new quota.
 */
export function usedInPeriod(state: QuotaState, period: QuotaPeriod, now: number): number {
  return enterPeriod(state, period, { now, isSettled: false }).used;
}

/**
 * The state in the period that `now` is in: nothing is used of a period that has just begun. One that lies ahead by more
 * than the next one is from a clock that was far wrong, and would not end for years: by a settled clock, what was used of it
 * is of the present one.
 */
export function enterPeriod(
  state: QuotaState,
  period: QuotaPeriod,
  { now, isSettled }: Pick<ReservationRequest, 'now' | 'isSettled'>,
): QuotaState {
  const start = periodStart(period, now);
  if (state.periodStart < start) return { ...state, periodStart: start, used: 0 };
  const isFarAhead = state.periodStart > periodEnd(period, start);
  return isFarAhead && isSettled ? { ...state, periodStart: start } : state;
}
