import type { RateLimit } from '@keywright/contract';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { followedRow } from '../testing/fake-ledger.ts';
import { FakeQuotaBank } from '../testing/fake-quota-bank.ts';
import { type Charge, type LimitedKey, Limiter } from './limiter.ts';

const rate = (name: string, limit: number, windowSeconds: number): RateLimit => ({
  name,
  limit,
  windowSeconds,
});
const keyWith = (rateLimits: readonly RateLimit[], given: Partial<LimitedKey> = {}): LimitedKey => ({
  id: 'key_1',
  projectId: 'prj_1',
  rateLimits,
  quota: null,
  ...given,
});

class Bench {
  readonly clock = new FakeClock();
  readonly bank = new FakeQuotaBank();
  readonly limiter = new Limiter({
    clock: this.clock,
    fence: { isOpen: () => true },
    bank: this.bank,
    onLost() {},
  });

  /** Charges a request for which nothing is to be waited for. */
  charge(key: LimitedKey, cost: number): Charge {
    const charge = this.limiter.charge(key, cost);
    if (charge === null) throw new Error('there was no need to wait');
    return charge;
  }

  apply(action: string, subjectType: string, subjectId: string): void {
    this.limiter.apply(followedRow(1, { action, subjectType, subjectId }));
  }
}

describe('several rate limits', () => {
  const key = keyWith([rate('second', 5, 1), rate('minute', 8, 60)]);

  test('a request passes when all have room, and is charged to all', () => {
    const bench = new Bench();
    expect(bench.charge(key, 2)).toEqual({
      code: 'valid',
      limits: [
        { name: 'second', limit: 5, remaining: 3, resetSeconds: 1 },
        { name: 'minute', limit: 8, remaining: 6, resetSeconds: 60 },
      ],
      retryAfterSeconds: null,
    });
  });

  test('one that is refused by any of them is charged to none', () => {
    const bench = new Bench();
    bench.charge(key, 5);
    const refused = bench.charge(key, 2);
    expect(refused).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 });
    expect(refused.limits.map(({ remaining }) => remaining)).toEqual([0, 3]);
    bench.clock.pass(1000);
    // The first has room now, the second has not.
    for (let i = 0; i < 3; i++) {
      expect(bench.charge(key, 4)).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 59 });
    }
    expect(bench.charge(key, 3).limits.map(({ remaining }) => remaining)).toEqual([2, 0]);
  });

  test.each([
    ['the quota is charged to no window', { perMinute: 9, quota: 4, refusedCost: 3, code: 'quota_exceeded' }],
    [
      'a window is not charged to the quota',
      { perMinute: 3, quota: 9, refusedCost: 2, code: 'rate_limited' },
    ],
  ])('one that is refused by %s', async (_, { perMinute, quota: limit, refusedCost, code }) => {
    const bench = new Bench();
    const quota = { limit, period: 'total' } as const;
    const metered = keyWith([rate('minute', perMinute, 60)], { quota });
    bench.bank.set('key_1', quota);
    await bench.limiter.refill(metered, limit);
    bench.charge(metered, 2);
    for (let i = 0; i < 3; i++) expect(bench.charge(metered, refusedCost).code).toBe(code);
    const { code: last, limits } = bench.charge(metered, 1);
    expect(last).toBe('valid');
    expect(limits.map(({ remaining }) => remaining)).toEqual([perMinute - 3, limit - 3]);
  });

  test('what costs more than one of them allows is not told to wait', () => {
    const bench = new Bench();
    expect(bench.charge(key, 6)).toMatchObject({ code: 'rate_limited', retryAfterSeconds: null });
    expect(bench.charge(key, 5)).toMatchObject({ code: 'valid' });
  });

  test('what costs nothing always passes', () => {
    const bench = new Bench();
    bench.charge(key, 5);
    expect(bench.charge(key, 0)).toMatchObject({ code: 'valid', limits: [{ remaining: 0 }, {}] });
  });

  test('a clock that is set changes nothing: neither is more let through nor less', () => {
    const bench = new Bench();
    bench.charge(key, 5);
    for (const hours of [1, -2, 24 * 365]) {
      bench.clock.setWall(hours * 3_600_000);
      expect(bench.charge(key, 1).code).toBe('rate_limited');
    }
    bench.clock.pass(1000);
    bench.clock.setWall(-1e12);
    expect(bench.charge(key, 1).code).toBe('valid');
  });

  test('are never over, in no true window of any of them, whatever is asked', () => {
    const limits = fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        limit: fc.integer({ min: 1, max: 30 }),
        windowSeconds: fc.integer({ min: 1, max: 5 }),
      }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 5 },
    );
    const requests = fc.array(fc.record({ pauseMs: fc.nat(900), cost: fc.nat(9) }), { maxLength: 150 });
    fc.assert(
      fc.property(limits, requests, (rateLimits, asked) => {
        const bench = new Bench();
        const limited = keyWith(rateLimits);
        const accepted: { at: number; cost: number }[] = [];
        let remaining = rateLimits.map(({ limit }) => limit);
        for (const { pauseMs, cost } of asked) {
          bench.clock.pass(pauseMs);
          const { code, limits: standing } = bench.charge(limited, cost);
          const now = standing.map((limit) => limit.remaining);
          // Time gives back; a refusal takes nothing.
          if (code === 'valid') accepted.push({ at: bench.clock.monotonic(), cost });
          else for (const [i, left] of now.entries()) expect(left).toBeGreaterThanOrEqual(remaining[i] ?? 0);
          remaining = now;
        }
        for (const { limit, windowSeconds } of rateLimits) {
          for (const { at: end } of accepted) {
            const inWindow = accepted.filter(({ at }) => at > end - windowSeconds * 1000 && at <= end);
            expect(inWindow.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThanOrEqual(limit);
          }
        }
      }),
    );
  });
});

describe('memory', () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const key = keyWith([rate('minute', 1, 60)]);

  test.each([
    ['key.revoked', 'key', 'key_1'],
    ['key.deleted', 'key', 'key_1'],
    ['project.deleted', 'project', 'prj_1'],
  ])('%s forgets what is dead', (...row) => {
    const bench = new Bench();
    bench.charge(key, 1);
    bench.charge(keyWith(key.rateLimits, { id: 'key_2', projectId: 'prj_2' }), 1);
    bench.apply(...row);
    expect(bench.limiter.size).toBe(1);
  });

  test.each(['key.updated', 'key.rotated', 'key.deactivated', 'key.activated', 'key.quota_reset'])(
    '%s gives nobody a new window',
    (action) => {
      const bench = new Bench();
      bench.charge(key, 1);
      bench.apply(action, 'key', 'key_1');
      expect(bench.charge(key, 1).code).toBe('rate_limited');
    },
  );

  test('what is idle is dropped by itself, and then nothing runs any more', () => {
    vi.useFakeTimers();
    const bench = new Bench();
    for (let i = 0; i < 5000; i++) bench.charge(keyWith(key.rateLimits, { id: `key_${i}` }), 1);
    expect(bench.limiter.size).toBe(5000);
    bench.clock.pass(59_999);
    vi.advanceTimersByTime(10_000);
    expect(bench.limiter.size).toBe(5000);
    bench.clock.pass(1);
    vi.advanceTimersByTime(10_000);
    expect(bench.limiter.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    bench.charge(key, 1);
    expect(vi.getTimerCount()).toBe(1);
  });
});
