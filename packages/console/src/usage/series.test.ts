import { expect, test } from 'vitest';
import { occurringCodes, sumCounts, sumSeries, toSeries, writeCsv } from './series.ts';
import { bucketTimes, chosenSpan, findSpan, spans } from './spans.ts';

const now = Date.parse('2026-03-01T12:34:56.000Z');

test('a span has whole buckets up to the present one, never more than the API answers', () => {
  const times = bucketTimes({ range: 'day', bucket: 'hour' }, now);
  expect(times).toHaveLength(24);
  expect(new Date(times.at(-1) ?? 0).toISOString()).toBe('2026-03-01T12:00:00.000Z');
  for (const [range, { buckets }] of Object.entries(spans)) {
    for (const bucket of buckets) {
      const count = bucketTimes({ range: range as keyof typeof spans, bucket }, now).length;
      expect(count, `${range} by ${bucket}`).toBeGreaterThan(1);
      expect(count, `${range} by ${bucket}`).toBeLessThanOrEqual(1500);
    }
  }
});

test('an address that asks for what a span has not gets its usual steps', () => {
  expect(findSpan({ range: 'quarter', bucket: 'minute', view: 'pie' })).toStrictEqual({
    range: 'quarter',
    bucket: undefined,
    view: undefined,
  });
  expect(chosenSpan(findSpan({ range: 'quarter' }))).toStrictEqual({ range: 'quarter', bucket: 'day' });
  expect(chosenSpan(findSpan({ bucket: 'minute' }))).toStrictEqual({ range: 'day', bucket: 'minute' });
});

test('both secrets of a key count, and what is empty stays in its place', () => {
  const times = bucketTimes({ range: 'hour', bucket: 'minute' }, now);
  const at = new Date(times[10] ?? 0).toISOString();
  const series = toSeries(
    [
      { at, secret: 'current', code: 'valid', count: 2 },
      { at, secret: 'previous', code: 'valid', count: 3 },
      { at, secret: 'current', code: 'expired', count: 1 },
    ],
    times,
  );
  expect(series).toHaveLength(60);
  expect(series[10]?.counts).toStrictEqual({ valid: 5, expired: 1 });
  const sums = sumSeries(series);
  expect(sumCounts(sums)).toBe(6);
  expect(occurringCodes(sums)).toStrictEqual(['valid', 'expired']);
  const lines = writeCsv(series, ['valid', 'expired']).split('\r\n');
  expect(lines[0]).toBe('at,valid,expired');
  expect(lines[11]).toBe(`${at},5,1`);
  expect(lines).toHaveLength(62);
});
