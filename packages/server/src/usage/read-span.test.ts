import { maxUsageBuckets, type UsageBucket } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { keptSince } from './kept-since.ts';
import { readSpan } from './read-span.ts';
import { resolutions } from './usage-store.ts';

const { minute, hour, day } = resolutions;
const now = Date.UTC(2027, 0, 31, 12, 34, 56, 789);
const units = { minute, hour, day };

describe.each(['minute', 'hour', 'day'] as const)('bucket=%s', (bucket: UsageBucket) => {
  const unit = units[bucket];

  test('is a day up to now, when nothing is said', () => {
    const { from, to, bucketMs } = readSpan({ bucket }, now);
    expect(bucketMs).toBe(unit);
    expect(to).toBeGreaterThanOrEqual(now);
    expect(to - now).toBeLessThan(unit);
    expect(from).toBeLessThanOrEqual(now - day);
    expect(now - day - from).toBeLessThan(unit);
  });

  test('is whole buckets, and at least one', () => {
    const place = now - (now % unit);
    expect(readSpan({ bucket, from: place, to: place + 1 }, now)).toMatchObject({
      from: place,
      to: place + unit,
    });
    expect(readSpan({ bucket, from: place, to: place + unit }, now)).toMatchObject({
      from: place,
      to: place + unit,
    });
    expect(readSpan({ bucket, from: place - 1, to: place + unit + 1 }, now)).toMatchObject({
      from: place - unit,
      to: place + 2 * unit,
    });
  });

  test('has its most', () => {
    const to = now - (now % unit);
    const most = { bucket, from: to - maxUsageBuckets * unit, to };
    if (bucket === 'day') expect(readSpan(most, now)).toMatchObject({ from: most.from });
    expect(() => readSpan({ ...most, to: to + 1 }, now)).toThrow(/1501 buckets.*1500 are the most/);
  });
});

test.each(['minute', 'hour'] as const)(
  'each %s can be asked for as long as it is sure not to be rolled up',
  (bucket) => {
    const since = keptSince(bucket, now);
    const promised = { minute: 7 * day, hour: 90 * day }[bucket];
    expect(since).toBeLessThanOrEqual(now - promised);
    const ask = (from: number) => () => readSpan({ bucket, from, to: from + hour }, now);
    expect(ask(now - promised)).not.toThrow();
    expect(ask(since)).not.toThrow();
    expect(ask(since - 1)).toThrow(/days: ask for a shorter time, or for bucket=/);
    // What is rolled up is whole units of the next resolution.
    expect(since % { minute: hour, hour: day }[bucket]).toBe(0);
  },
);
