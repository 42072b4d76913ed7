import type { RateLimit } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { describeWindows, msUntilRoom, RateLimiter } from './rate-limit.ts';

const rate = (name: string, limit: number, windowSeconds: number): RateLimit => ({
  name,
  limit,
  windowSeconds,
});
const keyWith = (rateLimits: RateLimit[], id = 'key_1', projectId = 'prj_1') => ({
  id,
  projectId,
  rateLimits,
});

/** Charges every window of a key, whatever room it has. */
function use(limiter: RateLimiter, key: ReturnType<typeof keyWith>, units: number, now = 0): void {
  for (const window of limiter.windowsOf(key)) window.charge(units, now);
}

function usedOf(limiter: RateLimiter, key: ReturnType<typeof keyWith>, now = 0): number[] {
  return limiter.windowsOf(key).map((window) => window.used(now));
}

describe('the windows of a key', () => {
  test('stay when it is loaded again, and when its limits are raised or lowered', () => {
    const limiter = new RateLimiter();
    use(limiter, keyWith([rate('a', 10, 1), rate('b', 10, 60)]), 3);
    for (const limit of [10, 1000, 1]) {
      expect(usedOf(limiter, keyWith([rate('a', limit, 1), rate('b', limit, 60)]))).toEqual([3, 3]);
    }
  });

  test('go with their limit when others come, go or change places', () => {
    const limiter = new RateLimiter();
    const [a, b, c] = [rate('a', 10, 1), rate('b', 10, 60), rate('c', 10, 1)];
    use(limiter, keyWith([a]), 1);
    use(limiter, keyWith([a, b]), 2);
    expect(usedOf(limiter, keyWith([b, c, a]))).toEqual([2, 0, 3]);
  });

  test('of another length or name begin anew', () => {
    const limiter = new RateLimiter();
    use(limiter, keyWith([rate('a', 10, 60)]), 5);
    expect(usedOf(limiter, keyWith([rate('a', 10, 61)]))).toEqual([0]);
    expect(usedOf(limiter, keyWith([rate('b', 10, 60)]))).toEqual([0]);
  });

  test('are no other key’s', () => {
    const limiter = new RateLimiter();
    use(limiter, keyWith([rate('a', 10, 60)]), 5);
    expect(usedOf(limiter, keyWith([rate('a', 10, 60)], 'key_2'))).toEqual([0]);
  });

  test('are forgotten with the key, or its project', () => {
    const limiter = new RateLimiter();
    const limits = [rate('a', 10, 60)];
    const keys = [keyWith(limits), keyWith(limits, 'key_2'), keyWith(limits, 'key_3', 'prj_2')];
    for (const key of keys) use(limiter, key, 1);
    limiter.forget('key_1');
    expect(limiter.size).toBe(2);
    limiter.forgetProject('prj_1');
    expect(limiter.size).toBe(1);
    expect(keys.map((key) => usedOf(limiter, key)[0])).toEqual([0, 0, 1]);
  });

  test('are dropped when they are idle and not before, also by small portions', () => {
    const limiter = new RateLimiter();
    for (let i = 0; i < 100; i++) {
      use(limiter, keyWith([rate('a', 10, 1), rate('b', 10, 60)], `key_${i}`), 1, i);
    }
    for (let i = 0; i < 10; i++) limiter.sweep(60_049, 10);
    expect(limiter.size).toBe(50);
    expect(usedOf(limiter, keyWith([rate('a', 10, 1), rate('b', 10, 60)], 'key_50'), 60_049)).toEqual([0, 1]);
    for (let i = 0; i < 10; i++) limiter.sweep(60_099, 10);
    expect(limiter.size).toBe(0);
  });
});

describe('room', () => {
  const limits = [rate('a', 10, 1), rate('b', 15, 60)];
  const windowsOf = () => new RateLimiter().windowsOf(keyWith(limits));
  const wait = (windows: ReturnType<typeof windowsOf>, cost: number, now: number) =>
    msUntilRoom(limits, windows, { cost, now });

  test('is there up to the limit, and then as soon as enough has come back everywhere', () => {
    const windows = windowsOf();
    expect(wait(windows, 10, 0)).toBe(0);
    for (const window of windows) window.charge(10, 0);
    expect(wait(windows, 0, 0)).toBe(0);
    expect(wait(windows, 1, 0)).toBe(1000);
    expect(wait(windows, 5, 400)).toBe(600);
    expect(wait(windows, 5, 1000)).toBe(0);
    expect(wait(windows, 6, 1000)).toBe(59_000);
  });

  test('is never there for what costs more than a limit', () => {
    expect(wait(windowsOf(), 11, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(wait(windowsOf(), 16, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  test('is free for what costs nothing, also beyond a limit that was lowered', () => {
    const windows = windowsOf();
    for (const window of windows) window.charge(20, 0);
    expect(wait(windows, 0, 0)).toBe(0);
  });
});

test('what is left is told in units, and when more comes in whole seconds', () => {
  const limits = [rate('a', 10, 1), rate('b', 15, 60), rate('c', 1, 60)];
  const windows = new RateLimiter().windowsOf(keyWith(limits));
  expect(describeWindows(limits, windows, 0).map(({ resetSeconds }) => resetSeconds)).toEqual([0, 0, 0]);
  for (const window of windows) window.charge(3, 100);
  expect(describeWindows(limits, windows, 200)).toEqual([
    { name: 'a', limit: 10, remaining: 7, resetSeconds: 1 },
    { name: 'b', limit: 15, remaining: 12, resetSeconds: 60 },
    { name: 'c', limit: 1, remaining: 0, resetSeconds: 60 },
  ]);
});
