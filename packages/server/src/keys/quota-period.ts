import type { QuotaPeriod } from '@keywright/contract';

/** When the period began that `now` is in; for `total`, which never ends, 0. All in milliseconds since 1970. */
export function periodStart(period: QuotaPeriod, now: number): number {
  if (period === 'total') return 0;
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), period === 'day' ? date.getUTCDate() : 1);
}

/** When the period that began at `start` ends and the next one begins; for `total` never. */
export function periodEnd(period: QuotaPeriod, start: number): number {
  if (period === 'total') return Number.POSITIVE_INFINITY;
  const date = new Date(start);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  return period === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1);
}
