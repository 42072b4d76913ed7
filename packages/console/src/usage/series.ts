import type { Usage } from '@keywright/contract';
import { type UsageCode, usageCodes } from './codes.ts';

export type Counts = Readonly<Partial<Record<UsageCode, number>>>;

/** What happened from a time on, by outcome. */
export interface Moment {
  at: number;
  counts: Counts;
}

/** Buckets of usage in the order of time, with the empty ones between them. */
export function toSeries(buckets: Usage['buckets'], times: readonly number[]): Moment[] {
  const byTime = new Map<number, Partial<Record<UsageCode, number>>>(times.map((at) => [at, {}]));
  for (const { at, code, count } of buckets) {
    const counts = byTime.get(Date.parse(at));
    if (counts) counts[code] = (counts[code] ?? 0) + count;
  }
  return [...byTime].map(([at, counts]) => ({ at, counts }));
}

export function sumSeries(series: readonly Moment[]): Counts {
  const sums: Partial<Record<UsageCode, number>> = {};
  for (const { counts } of series) {
    for (const code of usageCodes) {
      const count = counts[code];
      if (count) sums[code] = (sums[code] ?? 0) + count;
    }
  }
  return sums;
}

export function sumCounts(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Those that occur, in their usual order. */
export function occurringCodes(counts: Counts): UsageCode[] {
  return usageCodes.filter((code) => counts[code]);
}

/** A table for other programs: one line for each bucket. */
export function writeCsv(series: readonly Moment[], codes: readonly UsageCode[]): string {
  const lines = series.map(({ at, counts }) =>
    [new Date(at).toISOString(), ...codes.map((code) => counts[code] ?? 0)].join(','),
  );
  return `${[['at', ...codes].join(','), ...lines].join('\r\n')}\r\n`;
}
