import type { QuotaInput, RateLimit } from '@keywright/contract';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DomainError } from '../domain/error.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { followedRow } from '../testing/fake-ledger.ts';
import { FakeQuotaBank } from '../testing/fake-quota-bank.ts';
import { isSettled, turns } from '../testing/turns.ts';
import { type Charge, type LimitedKey, Limiter } from './limiter.ts';

const keyId = 'key_1';

/** A key with a quota, and requests that are charged to it. */
class Bench {
  readonly clock = new FakeClock();
  readonly bank = new FakeQuotaBank();
  isOpen = true;
  readonly lost: unknown[] = [];
  readonly limiter = new Limiter({
    clock: this.clock,
    fence: { isOpen: () => this.isOpen },
    bank: this.bank,
    onLost: (error) => this.lost.push(error),
  });
  key: LimitedKey;

  constructor(quota: QuotaInput, rateLimits: RateLimit[] = []) {
    this.key = { id: keyId, projectId: 'prj_1', rateLimits, quota };
    this.bank.set(keyId, quota);
  }

  /** As a verification does it: decides anew after each wait. */
  async ask(cost = 1, key = this.key): Promise<Charge> {
    for (let waits = 0; waits < 20; waits++) {
      const charge = this.limiter.charge(key, cost, waits > 0);
      if (charge !== null) return charge;
      await this.limiter.refill(key, cost);
    }
    throw new Error('it never came to an end');
  }

  async code(cost = 1): Promise<string> {
    return (await this.ask(cost)).code;
  }

  askAll(costs: number[]): Promise<string[]> {
    return Promise.all(costs.map((cost) => this.code(cost)));
  }

  /** PATCH, as it is when it was committed. */
  set(quota: QuotaInput | null): void {
    this.bank.set(keyId, quota);
    this.key = { ...this.key, quota };
  }

  apply(action: string, subject: [type: string, id: string] = ['key', keyId]): void {
    this.limiter.apply(followedRow(1, { action, subjectType: subject[0], subjectId: subject[1] }));
  }

  get used(): number {
    return this.bank.stateOf(keyId).used;
  }

  /** What is shown as used. */
  get spent(): number {
    return this.limiter.spent(keyId, this.bank.stateOf(keyId)).used;
  }

  /** Lets time go by, with the sweeps that happen in it. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1000) {
      this.clock.pass(Math.min(1000, ms - passed));
      vi.advanceTimersByTime(1000);
      await turns(3);
    }
  }
}

const daily = (limit: number): QuotaInput => ({ limit, period: 'day' });
const total = (limit: number): QuotaInput => ({ limit, period: 'total' });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('spending', () => {
  test('is told with what is left, and until when', async () => {
    const bench = new Bench(daily(10));
    expect(await bench.ask(3)).toEqual({
      code: 'valid',
      limits: [{ name: 'quota', limit: 10, remaining: 7, resetSeconds: 12 * 3600 }],
      retryAfterSeconds: null,
    });
    expect(await bench.ask(8)).toEqual({
      code: 'quota_exceeded',
      limits: [{ name: 'quota', limit: 10, remaining: 7, resetSeconds: 12 * 3600 }],
      retryAfterSeconds: 12 * 3600,
    });
    expect(await bench.ask(11)).toMatchObject({ code: 'quota_exceeded', retryAfterSeconds: null });
    expect(await bench.ask(7)).toMatchObject({ code: 'valid', limits: [{ remaining: 0 }] });
    expect(bench.used).toBe(10);
  });

  test('of a total quota is told that nothing comes back', async () => {
    const bench = new Bench(total(1));
    expect(await bench.ask()).toMatchObject({ limits: [{ remaining: 0, resetSeconds: null }] });
    expect(await bench.ask()).toMatchObject({ code: 'quota_exceeded', retryAfterSeconds: null });
  });

  test('nothing is reserved for what costs nothing, which passes also when nothing is left', async () => {
    const bench = new Bench(total(1));
    expect(await bench.ask(0)).toMatchObject({ code: 'valid', limits: [{ remaining: 1 }] });
    expect(bench.used).toBe(0);
    await bench.ask(1);
    expect(await bench.ask(0)).toMatchObject({ code: 'valid', limits: [{ remaining: 0 }] });
  });

  test('exactly as many pass as there are units, however many ask at once', async () => {
    const bench = new Bench(total(25));
    const codes = await bench.askAll(Array.from({ length: 100 }, () => 1));
    expect(codes.slice(0, 25).every((code) => code === 'valid')).toBe(true);
    expect(codes.slice(25).every((code) => code === 'quota_exceeded')).toBe(true);
    // One reservation for those that came together.
    expect(bench.bank.count('reserve')).toBe(1);
  });

  test('what does not fit does not keep out what does, in the order in which they came', async () => {
    const bench = new Bench(total(10));
    expect(await bench.askAll([6, 5, 3, 2, 1])).toEqual([
      'valid',
      'quota_exceeded',
      'valid',
      'quota_exceeded',
      'valid',
    ]);
    expect(bench.used).toBe(10);
  });

  test('is never over, and never refuses what there is room for', async () => {
    const arrivals = fc.array(
      fc.record({ cost: fc.nat(12), turns: fc.nat(2), pauseMs: fc.oneof(fc.constant(0), fc.nat(400)) }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 3000 }), async (asked, limit) => {
        const bench = new Bench(total(limit));
        const outcomes = asked.map(async ({ cost, turns: wait, pauseMs }) => {
          await turns(wait);
          bench.clock.pass(pauseMs);
          return { cost, code: await bench.code(cost) };
        });
        const all = await Promise.all(outcomes);
        const sum = all.reduce((sum, { cost, code }) => sum + (code === 'valid' ? cost : 0), 0);
        expect(sum).toBeLessThanOrEqual(limit);
        for (const { cost, code } of all) if (code !== 'valid') expect(sum + cost).toBeGreaterThan(limit);
        expect(bench.spent).toBe(sum);
        await bench.limiter.stop();
        expect(bench.used).toBe(sum);
      }),
    );
  });
});

/** What may come between requests. `break` lets the answer to what is on its way get lost, done or not. */
const events = ['turn', 'second', 'change', 'fence', 'hold', 'pass', 'break', 'fail'] as const;

function happen(bench: Bench, event: (typeof events)[number]): void {
  const { bank } = bench;
  if (event === 'second') {
    bench.clock.pass(1000);
    vi.advanceTimersByTime(1000);
  }
  if (event === 'change') bench.apply('key.updated');
  if (event === 'fence') bench.isOpen = !bench.isOpen;
  if (event === 'hold') bank.isHeld = !bank.isHeld;
  if (event === 'pass') for (const call of bank.calls) call.pass();
  if (event === 'fail') bank.failure = bank.failure === null ? new DomainError('unavailable') : null;
  if (event !== 'break' || bank.calls.length === 0) return;
  if (bench.clock.now() % 2 === 0) bank.last().commit();
  bank.last().fail(new DomainError('unavailable'));
}

test('whatever comes in between, no more pass than there are units', async () => {
  const step = fc.oneof(fc.nat(6), fc.constantFrom(...events));
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: 1, max: 500 }),
      async (steps, limit) => {
        const bench = new Bench(total(limit));
        let sum = 0;
        const asked: Promise<void>[] = [];
        const ask = async (cost: number) => {
          if ((await bench.code(cost)) === 'valid') sum += cost;
        };
        for (const now of steps) {
          if (typeof now === 'number') asked.push(ask(now).catch(() => {}));
          else happen(bench, now);
          if (now === 'turn') await turns(1);
          expect(bench.used).toBeLessThanOrEqual(limit);
        }
        bench.bank.isHeld = false;
        for (let round = 0; round < 15; round++) {
          for (const call of bench.bank.calls) call.pass();
          await turns(3);
        }
        await Promise.all(asked);
        await bench.limiter.stop();
        expect(sum).toBeLessThanOrEqual(bench.used);
        expect(bench.used).toBeLessThanOrEqual(limit);
      },
    ),
    { numRuns: 300 },
  );
});

describe('a reservation', () => {
  test('is for what is asked at first, and then for what the last second spent', async () => {
    const bench = new Bench(total(100_000));
    for (let i = 0; i < 50; i++) await bench.ask();
    const sizes = bench.bank.calls.map(({ units }) => units);
    expect(sizes).toEqual([1, 1, 2, 4, 8, 16, 32]);
    bench.clock.pass(5000);
    while (bench.bank.calls.length === sizes.length) await bench.ask();
    expect(bench.bank.last().units).toBeLessThanOrEqual(15);
  });

  test('is never for more than a hundredth of the limit, unless one request costs more', async () => {
    const bench = new Bench(total(1000));
    for (let i = 0; i < 100; i++) await bench.ask();
    expect(Math.max(...bench.bank.calls.map(({ units }) => units))).toBe(10);
    await bench.ask(500);
    expect(bench.bank.last().units).toBeLessThanOrEqual(500);
  });

  test('of very many keys at once leaves the database room: five are made at a time', async () => {
    const bench = new Bench(total(10));
    bench.bank.isHeld = true;
    const asked: Promise<Charge>[] = [];
    for (let i = 0; i < 20; i++) {
      bench.key = { ...bench.key, id: `key_${i}` };
      bench.bank.set(bench.key.id, total(10));
      asked.push(bench.ask());
    }
    await turns(5);
    expect(bench.bank.calls).toHaveLength(5);
    bench.bank.calls[2]?.pass();
    await turns(5);
    expect(bench.bank.calls).toHaveLength(6);
    bench.bank.isHeld = false;
    for (const call of bench.bank.calls) call.pass();
    for (const charge of await Promise.all(asked)) expect(charge.code).toBe('valid');
  });

  test('takes what is left when that is enough', async () => {
    const bench = new Bench(total(105));
    for (let i = 0; i < 104; i++) await bench.ask();
    expect(await bench.askAll([1, 1])).toEqual(['valid', 'quota_exceeded']);
  });

  test('is not made for a request that a rate limit refuses; a quota that refuses charges no window', async () => {
    const bench = new Bench(total(3), [{ name: 'minute', limit: 5, windowSeconds: 60 }]);
    expect(await bench.code(6)).toBe('rate_limited');
    expect(bench.bank.calls).toHaveLength(0);
    expect(await bench.ask(4)).toMatchObject({
      code: 'quota_exceeded',
      limits: [
        { name: 'minute', remaining: 5 },
        { name: 'quota', remaining: 3 },
      ],
    });
    expect(await bench.ask(3)).toMatchObject({ code: 'valid', limits: [{ remaining: 2 }, { remaining: 0 }] });
    expect(await bench.ask(3)).toMatchObject({ code: 'rate_limited' });
    expect(await bench.ask(2)).toMatchObject({
      code: 'quota_exceeded',
      limits: [{ remaining: 2 }, { remaining: 0 }],
    });
  });

  test('that was waited for is charged to the windows as they are then', async () => {
    const bench = new Bench(total(10), [{ name: 'minute', limit: 3, windowSeconds: 60 }]);
    bench.bank.isHeld = true;
    const asked = bench.askAll([2, 2]);
    await turns(3);
    bench.bank.last().pass();
    expect(await asked).toEqual(['valid', 'rate_limited']);
    // What the second would have cost is still there.
    expect(bench.spent).toBe(2);
  });

  test('that finds nothing left is believed for a second, then asked again', async () => {
    const bench = new Bench(total(1));
    await bench.askAll([1, 1, 1]);
    const count = bench.bank.calls.length;
    for (let i = 0; i < 10; i++) {
      expect(await bench.code()).toBe('quota_exceeded');
      bench.clock.pass(99);
    }
    expect(bench.bank.calls).toHaveLength(count);
    bench.clock.pass(10);
    expect(await bench.code()).toBe('quota_exceeded');
    expect(bench.bank.calls).toHaveLength(count + 1);
  });
});

describe('a period', () => {
  const nextMidnight = Date.UTC(2027, 1, 1);

  test.each(['day', 'month'] as const)('that ends ends what is left of a block: %s', async (period) => {
    const bench = new Bench({ limit: 1000, period });
    for (let i = 0; i < 20; i++) await bench.ask();
    expect(bench.used).toBeGreaterThan(20);
    bench.clock.pass(nextMidnight - 1 - bench.clock.now());
    expect(await bench.ask()).toMatchObject({ limits: [{ remaining: 979, resetSeconds: 1 }] });
    bench.clock.pass(1);
    expect(await bench.ask()).toMatchObject({ code: 'valid', limits: [{ remaining: 999 }] });
    expect(bench.bank.stateOf(keyId)).toMatchObject({ periodStart: nextMidnight, used: 1 });
  });

  test('gives as much again, and no more', async () => {
    const bench = new Bench(daily(5));
    expect(await bench.askAll([3, 3])).toEqual(['valid', 'quota_exceeded']);
    bench.clock.pass(nextMidnight - bench.clock.now());
    expect(await bench.askAll([3, 3])).toEqual(['valid', 'quota_exceeded']);
  });

  test('that began while a reservation was on its way is not spent from it', async () => {
    const bench = new Bench(daily(5));
    bench.bank.isHeld = true;
    bench.clock.pass(nextMidnight - 1 - bench.clock.now());
    const asked = bench.code(2);
    await turns(3);
    bench.bank.last().commit();
    bench.clock.pass(1);
    bench.bank.last().pass();
    await turns(3);
    expect(bench.bank.count('reserve')).toBe(2);
    bench.bank.last().pass();
    expect(await asked).toBe('valid');
    expect(bench.bank.stateOf(keyId)).toMatchObject({ periodStart: nextMidnight, used: 2 });
  });

  test('does not begin anew when a clock is set back over midnight, nor twice', async () => {
    const bench = new Bench(daily(5));
    bench.clock.pass(nextMidnight - bench.clock.now());
    await bench.ask(4);
    bench.clock.setWall(-3_600_000);
    expect(await bench.askAll([2, 1])).toEqual(['quota_exceeded', 'valid']);
    bench.clock.setWall(3_600_000);
    expect(await bench.code()).toBe('quota_exceeded');
    expect(bench.used).toBe(5);
  });
});

describe('a row of the ledger', () => {
  async function holdSome(quota = total(1000)): Promise<Bench> {
    const bench = new Bench(quota);
    for (let i = 0; i < 12; i++) await bench.ask();
    expect(bench.used).toBeGreaterThan(12);
    expect(bench.spent).toBe(12);
    return bench;
  }

  test('about a change gives back what is held, and the next reservation comes after', async () => {
    const bench = await holdSome();
    bench.bank.isHeld = true;
    bench.set(total(13));
    bench.apply('key.updated');
    const asked = bench.askAll([1, 1]);
    await turns(3);
    expect(bench.bank.last().what).toBe('giveBack');
    expect(bench.spent).toBe(12);
    bench.bank.last().pass();
    await turns(3);
    bench.bank.last().pass();
    expect(await asked).toEqual(['valid', 'quota_exceeded']);
  });

  test('about a lower limit lets nothing through that was held before', async () => {
    const bench = await holdSome();
    bench.set(total(12));
    bench.apply('key.updated');
    expect(await bench.code()).toBe('quota_exceeded');
  });

  test('about a reset makes what is held worthless: it is neither spent nor given back', async () => {
    const bench = await holdSome();
    bench.bank.restart(keyId);
    bench.apply('key.quota_reset');
    await turns(3);
    expect(bench.used).toBe(0);
    expect(await bench.ask(1000)).toMatchObject({ code: 'valid', limits: [{ remaining: 0 }] });
    expect(await bench.code()).toBe('quota_exceeded');
  });

  test('about a reset makes a reservation worthless that was made before and told after', async () => {
    const bench = new Bench(total(10));
    bench.bank.isHeld = true;
    const asked = bench.code(4);
    await turns(3);
    const reservation = bench.bank.last();
    reservation.commit();
    bench.bank.restart(keyId);
    bench.apply('key.quota_reset');
    bench.bank.isHeld = false;
    reservation.pass();
    expect(await asked).toBe('valid');
    expect(bench.used).toBe(4);
    expect(await bench.askAll([6, 1])).toEqual(['valid', 'quota_exceeded']);
  });

  test('that is applied after a reservation that already saw it loses nothing', async () => {
    const bench = new Bench(total(10));
    bench.bank.restart(keyId);
    await bench.ask();
    bench.apply('key.quota_reset');
    expect(await bench.askAll([9, 1])).toEqual(['valid', 'quota_exceeded']);
  });

  test('about another period counts from nothing, and what was held is not given back to it', async () => {
    const bench = await holdSome({ limit: 1000, period: 'month' });
    bench.set(daily(5));
    bench.bank.restart(keyId);
    bench.apply('key.updated');
    expect(await bench.askAll([5, 1])).toEqual(['valid', 'quota_exceeded']);
    expect(bench.used).toBe(5);
  });

  test('that takes the quota away lets everything through, also before it is applied', async () => {
    const bench = new Bench(total(1));
    expect(await bench.askAll([1, 1])).toEqual(['valid', 'quota_exceeded']);
    bench.bank.set(keyId, null);
    bench.clock.pass(1000);
    expect(await bench.ask(50)).toEqual({ code: 'valid', limits: [], retryAfterSeconds: null });
  });

  test.each([
    ['key.deleted', ['key', keyId]],
    ['project.deleted', ['project', 'prj_1']],
  ] as const)('about %s drops what is held', async (action, subject) => {
    const bench = await holdSome();
    bench.apply(action, [...subject]);
    await turns(3);
    expect(bench.limiter.size).toBe(0);
    expect(bench.bank.count('giveBack')).toBe(0);
  });

  test('about a revoked key gives back what is held', async () => {
    const bench = await holdSome();
    bench.apply('key.revoked');
    await turns(3);
    expect(bench.used).toBe(12);
  });

  test.each([
    ['key.rotated', ['key', keyId]],
    ['key.deactivated', ['key', keyId]],
    ['key.updated', ['key', 'key_2']],
    ['project.deleted', ['project', 'prj_2']],
  ] as const)('about %s of %j leaves it', async (action, subject) => {
    const bench = await holdSome();
    bench.apply(action, [...subject]);
    await turns(3);
    expect(bench.spent).toBe(12);
    expect(bench.bank.count('giveBack')).toBe(0);
  });

  test('lets those that wait ask anew', async () => {
    const bench = new Bench(total(10));
    bench.bank.isHeld = true;
    const first = bench.code();
    await turns(3);
    const reservation = bench.bank.last();
    const second = bench.code();
    bench.set(total(1));
    bench.apply('key.updated');
    bench.bank.isHeld = false;
    reservation.pass();
    expect([await first, await second].sort()).toEqual(['quota_exceeded', 'valid']);
    expect(bench.used).toBe(1);
  });

  test('of another ledger makes everything worthless that was reserved before', async () => {
    const bench = await holdSome();
    const { used } = bench;
    bench.bank.isHeld = true;
    const asked = bench.code(100);
    await turns(3);
    bench.limiter.clear();
    bench.bank.isHeld = false;
    bench.bank.last().pass();
    expect(await asked).toBe('valid');
    await turns(3);
    // Neither what was held nor what was on its way came back, and the request paid anew.
    expect(bench.used).toBe(used + 200 - (used - 12));
    expect(bench.bank.count('giveBack')).toBe(0);
  });
});

describe('past the fence', () => {
  test('only what was reserved since the request began is spent, and nothing is reserved ahead', async () => {
    const bench = new Bench(total(1000));
    for (let i = 0; i < 12; i++) await bench.ask();
    const [held, calls] = [bench.used - 12, bench.bank.calls.length];
    expect(held).toBeGreaterThan(0);
    bench.isOpen = false;
    bench.clock.pass(1);
    expect(await bench.code()).toBe('valid');
    expect(bench.bank.calls).toHaveLength(calls + 1);
    expect(bench.bank.last().units).toBe(1);
    bench.clock.pass(1);
    await bench.ask();
    expect(bench.bank.calls).toHaveLength(calls + 2);
  });

  test('a reset that nobody told of makes what is held worthless', async () => {
    const bench = new Bench(total(1000));
    for (let i = 0; i < 12; i++) await bench.ask();
    bench.isOpen = false;
    bench.bank.restart(keyId);
    bench.clock.pass(1);
    await bench.ask();
    bench.isOpen = true;
    expect(await bench.askAll([999, 1])).toEqual(['valid', 'quota_exceeded']);
  });

  test('so does a lower limit', async () => {
    const bench = new Bench(total(1000));
    for (let i = 0; i < 12; i++) await bench.ask();
    expect(bench.used).toBeGreaterThan(12);
    bench.isOpen = false;
    bench.bank.set(keyId, total(12));
    bench.clock.pass(1);
    expect(await bench.code()).toBe('quota_exceeded');
    bench.isOpen = true;
    expect(await bench.code()).toBe('quota_exceeded');
  });

  test('many that ask at once still share a reservation', async () => {
    const bench = new Bench(total(5));
    bench.isOpen = false;
    const codes = await bench.askAll([1, 1, 1, 1, 1, 1, 1, 1]);
    expect(codes.filter((code) => code === 'valid')).toHaveLength(5);
    expect(bench.bank.count('reserve')).toBeLessThanOrEqual(2);
  });
});

describe('without the database', () => {
  const outage = new DomainError('unavailable');

  test('nobody can tell: neither valid nor exceeded', async () => {
    const bench = new Bench(total(10));
    bench.bank.failure = outage;
    const asked = await Promise.allSettled([bench.ask(), bench.ask(), bench.ask(0)]);
    for (const outcome of asked) expect(outcome).toMatchObject({ status: 'rejected', reason: outage });
    bench.bank.failure = null;
    expect(await bench.askAll([10, 1])).toEqual(['valid', 'quota_exceeded']);
  });

  test('what is held is spent, and then nobody can tell', async () => {
    const bench = new Bench(total(1000));
    for (let i = 0; i < 12; i++) await bench.ask();
    const held = bench.used - 12;
    bench.bank.failure = outage;
    for (let i = 0; i < held; i++) expect(await bench.code()).toBe('valid');
    await expect(bench.ask()).rejects.toBe(outage);
  });

  test('a reservation whose end is not known is not spent, and not given back', async () => {
    const bench = new Bench(total(10));
    bench.bank.isHeld = true;
    const asked = bench.ask(4);
    await turns(3);
    bench.bank.last().commit();
    bench.bank.last().fail(outage);
    await expect(asked).rejects.toBe(outage);
    bench.bank.isHeld = false;
    expect(await bench.askAll([7, 6])).toEqual(['quota_exceeded', 'valid']);
  });

  test('a database that hangs is waited for three seconds, by those that queue as well', async () => {
    const bench = new Bench(total(10));
    bench.bank.isHeld = true;
    const first = bench.ask().catch((error: unknown) => error);
    await turns(3);
    const second = bench.ask().catch((error: unknown) => error);
    vi.advanceTimersByTime(3000);
    for (const error of [await first, await second]) expect(error).toMatchObject({ code: 'unavailable' });
    bench.bank.isHeld = false;
    bench.bank.last().pass();
    await turns(3);
    // What came in the end is there for the next.
    expect(bench.used).toBe(1);
    expect(await bench.code()).toBe('valid');
    expect(bench.used).toBe(1);
  });

  test('units that cannot be given back are lost, once and for all, and that is told', async () => {
    const bench = new Bench(total(1000));
    for (let i = 0; i < 12; i++) await bench.ask();
    const { used } = bench;
    bench.bank.failure = outage;
    bench.apply('key.updated');
    await turns(3);
    expect(bench.lost).toEqual([outage]);
    bench.bank.failure = null;
    await bench.pass(10_000);
    await bench.limiter.stop();
    expect(bench.used).toBe(used);
    expect(bench.spent).toBe(used);
  });
});

describe('what is held', () => {
  test('goes back when the key is idle, and not before; later the key is forgotten', async () => {
    const bench = new Bench(total(1000));
    for (let i = 0; i < 12; i++) await bench.ask();
    const { used } = bench;
    await bench.pass(1000);
    expect(bench.used).toBe(used);
    await bench.pass(2000);
    expect(bench.used).toBe(12);
    await bench.ask();
    await bench.pass(62_000);
    expect(bench.limiter.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of a key that is in use stays', async () => {
    const bench = new Bench(total(100_000));
    for (let i = 0; i < 30; i++) {
      await bench.askAll([1, 1, 1, 1, 1]);
      await bench.pass(1000);
    }
    expect(bench.bank.count('giveBack')).toBe(0);
    expect(bench.spent).toBe(150);
  });

  test('goes back at a stop, after what is on its way', async () => {
    const bench = new Bench(total(1000));
    for (let i = 0; i < 12; i++) await bench.ask();
    bench.bank.isHeld = true;
    const asked = bench.code(500);
    await turns(3);
    const stopping = bench.limiter.stop();
    bench.bank.isHeld = false;
    bench.bank.last().pass();
    await stopping;
    expect(await asked).toBe('valid');
    expect(bench.used).toBe(512);
  });

  test('is waited for at a stop, also what is only on its way to be held', async () => {
    const bench = new Bench(total(1000));
    bench.bank.isHeld = true;
    const asked = bench.ask(500).catch((error: unknown) => error);
    await turns(3);
    vi.advanceTimersByTime(3000);
    expect(await asked).toBeInstanceOf(DomainError);
    const stopping = bench.limiter.stop();
    expect(await isSettled(stopping)).toBe(false);
    bench.bank.isHeld = false;
    bench.bank.last().pass();
    await stopping;
    expect(bench.used).toBe(0);
  });

  test('stays while a reservation is on its way, however long that takes', async () => {
    const bench = new Bench(total(1000));
    for (let i = 0; i < 12; i++) await bench.ask();
    bench.bank.isHeld = true;
    const asked = bench.ask(500).catch((error: unknown) => error);
    await bench.pass(9000);
    expect(await asked).toBeInstanceOf(DomainError);
    expect(bench.bank.last().what).toBe('reserve');
    bench.bank.isHeld = false;
    bench.bank.last().pass();
    await turns(3);
    expect(await bench.code(500)).toBe('valid');
    expect(bench.spent).toBe(512);
    expect(bench.bank.count('giveBack')).toBe(0);
  });

  test('of very many keys goes back in portions', async () => {
    const bench = new Bench(total(1000));
    const keys = Array.from({ length: 1200 }, (_, i) => ({ ...bench.key, id: `key_${i}` }));
    for (const key of keys) {
      bench.bank.set(key.id, key.quota);
      for (const cost of [5, 1]) {
        bench.key = key;
        await bench.ask(cost);
      }
    }
    expect(bench.bank.stateOf('key_7').used).toBeGreaterThan(6);
    await bench.limiter.stop();
    expect(bench.bank.count('giveBack')).toBe(3);
    for (const { id } of keys) expect(bench.bank.stateOf(id).used).toBe(6);
  });

  test('is not waited for for ever at a stop', async () => {
    const bench = new Bench(total(1000));
    for (let i = 0; i < 12; i++) await bench.ask();
    bench.bank.isHeld = true;
    const stopping = bench.limiter.stop();
    await turns(3);
    vi.advanceTimersByTime(1000);
    await stopping;
    expect(bench.lost).toHaveLength(1);
  });
});
