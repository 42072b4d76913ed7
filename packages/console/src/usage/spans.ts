import type { UsageBucket } from '@keywright/contract';
import type { FoundSearch, SearchPatch } from '../shell/page-search.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

const bucketMs: Readonly<Record<UsageBucket, number>> = {
  minute: minuteMs,
  hour: hourMs,
  day: dayMs,
};

export const usageRanges = ['hour', 'day', 'week', 'month', 'quarter'] as const;
export type UsageRange = (typeof usageRanges)[number];

/** How long each is, and in which steps it can be had, the usual ones first. */
export const spans: Readonly<Record<UsageRange, { ms: number; buckets: readonly UsageBucket[] }>> = {
  hour: { ms: hourMs, buckets: ['minute'] },
  day: { ms: dayMs, buckets: ['hour', 'minute'] },
  week: { ms: 7 * dayMs, buckets: ['hour', 'day'] },
  month: { ms: 30 * dayMs, buckets: ['day', 'hour'] },
  quarter: { ms: 90 * dayMs, buckets: ['day'] },
};

/** What a chart shows, as it stands in the address. What is left out is as usual. */
export interface SpanSearch {
  range?: UsageRange;
  bucket?: UsageBucket;
  view?: 'table';
}

export type SpanPatch = SearchPatch<SpanSearch>;

/** Reads it from an address; what makes no sense is undefined. */
export function findSpan(search: Record<string, unknown>): FoundSearch<SpanSearch> {
  const range = usageRanges.find((each) => each === search.range && each !== 'day');
  const [usual, ...others] = spans[range ?? 'day'].buckets;
  const bucket = others.find((each) => each === search.bucket && each !== usual);
  return { range, bucket, view: search.view === 'table' ? 'table' : undefined };
}

export interface Span {
  range: UsageRange;
  bucket: UsageBucket;
}

export function chosenSpan({ range = 'day', bucket }: SpanPatch): Span {
  return { range, bucket: bucket ?? usualBucket(range) };
}

export function usualBucket(range: UsageRange): UsageBucket {
  return spans[range].buckets[0] ?? 'hour';
}

/** The times at which its buckets begin, up to the present one. */
export function bucketTimes({ range, bucket }: Span, now = Date.now()): number[] {
  const step = bucketMs[bucket];
  const count = Math.round(spans[range].ms / step);
  const last = Math.floor(now / step) * step;
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * step);
}
