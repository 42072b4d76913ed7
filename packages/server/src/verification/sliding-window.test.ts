import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SlidingWindow } from './sliding-window.ts';

interface Charged {
  at: number;
  units: number;
}

/** What was really charged in the `lengthMs` before `end`. */
function exactly(log: readonly Charged[], lengthMs: number, end: number): number {
  return log.filter(({ at }) => at > end - lengthMs && at <= end).reduce((sum, { units }) => sum + units, 0);
}

const requests = fc.array(
  fc.record({
    // Bursts, steps of about a part of a window, and pauses of about a window.
    pauseMs: fc.oneof(fc.nat(3), fc.nat(40), fc.integer({ min: 900, max: 1100 })),
    units: fc.oneof(fc.constant(1), fc.nat(12)),
  }),
  { maxLength: 300 },
);
const length = fc.constantFrom(1000, 60_000, 61);

describe('against a log of everything that was charged', () => {
  test('in no window ever is more than the limit let through', () => {
    fc.assert(
      fc.property(requests, length, fc.integer({ min: 1, max: 60 }), (asked, lengthMs, limit) => {
        const window = new SlidingWindow(lengthMs);
        const log: Charged[] = [];
        let at = 0.5;
        for (const { pauseMs, units } of asked) {
          at += pauseMs;
          if (window.used(at) + units > limit) continue;
          window.charge(units, at);
          log.push({ at, units });
        }
        // The fullest window ends with one of the charges.
        for (const { at: end } of log) expect(exactly(log, lengthMs, end)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 300 },
    );
  });

  test('what it says is never too low, and forgets a sixtieth of the length too late at most', () => {
    fc.assert(
      fc.property(requests, length, (asked, lengthMs) => {
        const window = new SlidingWindow(lengthMs);
        const log: Charged[] = [];
        let at = 0;
        for (const { pauseMs, units } of asked) {
          at += pauseMs;
          window.charge(units, at);
          log.push({ at, units });
          const used = window.used(at);
          expect(used).toBeGreaterThanOrEqual(exactly(log, lengthMs, at));
          expect(used).toBeLessThanOrEqual(exactly(log, lengthMs + lengthMs / 60, at));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('units are free when it said, and not a moment before', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 50 }), (asked, units) => {
        const window = new SlidingWindow(1000);
        let at = 0;
        for (const request of asked) {
          at += request.pauseMs;
          window.charge(request.units, at);
        }
        const used = window.used(at);
        const wait = window.msUntilFree(units, at);
        if (used < units) expect(wait).toBe(Number.POSITIVE_INFINITY);
        else {
          expect(window.used(at + wait - 1)).toBeGreaterThan(used - units);
          expect(window.used(at + wait)).toBeLessThanOrEqual(used - units);
        }
      }),
    );
  });
});

test('charges that are far apart come back on time, each by itself', () => {
  const window = new SlidingWindow(60_000);
  for (const at of [0, 1000, 20_000]) window.charge(5, at);
  for (const [at, used] of [
    [59_999, 15],
    [60_000, 10],
    [60_999, 10],
    [61_000, 5],
    [79_999, 5],
    [80_000, 0],
  ] as const)
    expect(window.used(at)).toBe(used);
});

test('it takes no more room for a million charges than for some', () => {
  const window = new SlidingWindow(1000);
  for (let i = 0; i < 1_000_000; i++) window.charge(1, i / 10);
  // Asked for one more than can be, it looks through all that it keeps.
  let buckets = 0;
  for (let units = 1, wait = 0; wait !== Number.POSITIVE_INFINITY; units += 100) {
    const next = window.msUntilFree(units, 100_000);
    if (next !== wait) buckets++;
    wait = next;
  }
  expect(buckets).toBeLessThanOrEqual(63);
  expect(window.used(100_000)).toBeGreaterThanOrEqual(10_000);
});
