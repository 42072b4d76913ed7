import { maxUsageBuckets, type UsageBucket, type UsageQuery, usageKeptDays } from '@keywright/contract';
import { invalidField } from '../domain/error.ts';
import { dayMs } from '../domain/time.ts';
import { keptSince } from './kept-since.ts';
import { resolutions, type UsageSpan } from './usage-store.ts';

/**
 * The time that a query asks for, in whole buckets: a day up to now, unless it says otherwise.
 * @throws validation_failed for a time that ends before it begins, has too many buckets, or is not known that finely
 */
export function readSpan({ from, to, bucket }: UsageQuery, now: number): UsageSpan {
  const bucketMs = resolutions[bucket];
  const end = to ?? now;
  const start = from ?? end - dayMs;
  if (start >= end) throw invalidField('from', 'must be before `to`');
  const span = { from: roundDown(start, bucketMs), to: -roundDown(-end, bucketMs), bucketMs };
  const count = (span.to - span.from) / bucketMs;
  if (count > maxUsageBuckets) {
    throw invalidField(
      'from',
      `is ${count} buckets before \`to\`, and ${maxUsageBuckets} are the most: ${advice(bucket)}`,
    );
  }
  if (bucket !== 'day' && span.from < keptSince(bucket, now)) {
    throw invalidField(
      'from',
      `is too long ago for this bucket, since each ${bucket} is known for ${usageKeptDays[bucket]} days: ${advice(bucket)}`,
    );
  }
  return span;
}

function advice(bucket: UsageBucket): string {
  const coarser = { minute: 'hour', hour: 'day', day: null }[bucket];
  return coarser === null ? 'ask for a shorter time' : `ask for a shorter time, or for bucket=${coarser}`;
}

function roundDown(ms: number, unit: number): number {
  return Math.floor(ms / unit) * unit;
}
