import fc from 'fast-check';
import { expect, test } from 'vitest';
import { periodEnd, periodStart } from './quota-period.ts';

const time = Date.parse;

test.each([
  ['day', '2027-01-31T12:34:56.789Z', '2027-01-31T00:00:00Z', '2027-02-01T00:00:00Z'],
  ['day', '2027-12-31T23:59:59.999Z', '2027-12-31T00:00:00Z', '2028-01-01T00:00:00Z'],
  ['day', '2028-02-28T00:00:00.000Z', '2028-02-28T00:00:00Z', '2028-02-29T00:00:00Z'],
  // Where clocks are put forward, a day has 23 hours; in UTC it has 24.
  ['day', '2027-03-28T01:30:00.000Z', '2027-03-28T00:00:00Z', '2027-03-29T00:00:00Z'],
  ['month', '2027-01-31T23:59:59.999Z', '2027-01-01T00:00:00Z', '2027-02-01T00:00:00Z'],
  ['month', '2028-02-29T12:00:00.000Z', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'],
  ['month', '2027-12-01T00:00:00.000Z', '2027-12-01T00:00:00Z', '2028-01-01T00:00:00Z'],
] as const)('the %s of %s is from %s to %s', (period, now, start, end) => {
  expect(periodStart(period, time(now))).toBe(time(start));
  expect(periodEnd(period, time(start))).toBe(time(end));
});

test('a total quota is one period without an end', () => {
  expect(periodStart('total', time('2027-01-31T12:00:00Z'))).toBe(0);
  expect(periodEnd('total', 0)).toBe(Number.POSITIVE_INFINITY);
});

test('periods follow on one another without gaps, whatever the time', () => {
  const now = fc.integer({ min: 0, max: time('9999-01-01T00:00:00Z') });
  fc.assert(
    fc.property(now, fc.constantFrom('day' as const, 'month' as const), (at, period) => {
      const start = periodStart(period, at);
      const end = periodEnd(period, start);
      expect(start <= at && at < end).toBe(true);
      expect(periodStart(period, end)).toBe(end);
      expect(periodStart(period, end - 1)).toBe(start);
    }),
  );
});
