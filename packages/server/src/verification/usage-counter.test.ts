import { expect, test } from 'vitest';
import { plainRecord as record } from '../testing/plain-record.ts';
import { type UsageCounter, UsageCounters } from './usage-counter.ts';

const minute = 7 * 60_000;

/** Of which records how many uses were counted, in the order in which that was begun. */
const told = (taken: readonly UsageCounter[]) => taken.map(({ record, useCount }) => [record.id, useCount]);

function use(counters: UsageCounters, ...names: string[]): void {
  for (const name of names) {
    records[name] ??= record(name);
    counters.of(records[name], 7).countUse(minute, null, null);
  }
}
const records: Record<string, ReturnType<typeof record>> = {};

test('a record finds its counter of the minute until it is taken', () => {
  const counters = new UsageCounters();
  const [a, b] = [record('a'), record('b')];
  const first = counters.of(a, 7);
  const second = counters.of(b, 7);
  expect(counters.of(a, 7)).toBe(first);
  expect(counters.of(b, 7)).toBe(second);
  expect(counters.of(a, 8)).not.toBe(first);
  expect(counters.take(1)).toEqual([first]);
  expect(counters.of(b, 7)).toBe(second);
  expect(counters.size).toBe(2);
  expect(counters.take(10)).toHaveLength(2);
  expect(counters.of(a, 8).useCount).toBe(0);
  expect(counters.size).toBe(1);
});

test('a number that is left from long ago leads to no other counter', () => {
  const counters = new UsageCounters();
  const [a, b] = [record('a'), record('b')];
  const own = counters.of(a, 7);
  for (const number of [a.counterNumber, -1, 1, 2 ** 31 - 1, -(2 ** 31)]) {
    b.counterNumber = number;
    const counter = counters.of(b, 7);
    expect(counter.record).toBe(b);
    expect(counter).not.toBe(own);
    expect(counters.of(b, 7)).toBe(counter);
  }
  expect(counters.of(a, 7)).toBe(own);
});

test('what was taken stays as it is until more is taken, however much is counted meanwhile', () => {
  const counters = new UsageCounters();
  use(counters, 'a', 'b', 'c');
  const taken = counters.take(2);
  for (let i = 0; i < 100; i++) use(counters, 'a', `other ${i}`);
  expect(told(taken)).toEqual([
    ['key_a', 1],
    ['key_b', 1],
  ]);
  expect(told(counters.take(2))).toEqual([
    ['key_c', 1],
    ['key_a', 100],
  ]);
});

test('nothing is lost, mixed up or counted twice, in whatever portions it is taken', () => {
  const counters = new UsageCounters();
  const counted: Record<string, number> = {};
  let uses = 0;
  for (let round = 0; round < 400; round++) {
    for (let i = 0; i < (round * 7) % 60; i++, uses++) use(counters, `key ${(round * 31 + i * 17) % 90}`);
    // Sometimes all of it, sometimes less than was begun.
    for (const [id, count] of told(counters.take(round % 40 === 39 ? 1000 : (round * 5) % 35))) {
      counted[id as string] = (counted[id as string] ?? 0) + (count as number);
    }
  }
  expect(counters.size).toBeLessThanOrEqual(90);
  expect(Object.values(counted).reduce((sum, count) => sum + count, 0)).toBe(uses);
});

test('a counter that is used again begins anew in everything', () => {
  const counters = new UsageCounters();
  const old = counters.of(record('old'), 7);
  old.countUse(minute + 1, '192.0.2.1', 'curl');
  old.countUse(minute + 2, '192.0.2.2', 'curl');
  old.countRefusal('expired', minute + 3);
  counters.take(1);
  counters.take(0);
  expect(() => old.record).toThrow('gone');
  for (let i = 0; i < 100; i++) {
    const counter = counters.of(record(`new ${i}`), 9);
    expect(counter).toMatchObject({ minute: 9 * 60_000, useCount: 0, ip: null, userAgent: null });
    expect([counter.origins(), counter.refusals()]).toEqual([[], []]);
    counter.countRefusal('inactive', 9 * 60_000 + i);
    expect(counter.refusals()).toEqual([{ code: 'inactive', count: 1, lastAt: 9 * 60_000 + i }]);
    counter.countUse(9 * 60_000 + i, '192.0.2.1', 'curl');
    expect(counter.origins()).toMatchObject([{ ip: '192.0.2.1', count: 1 }]);
    counters.take(1);
  }
});

test('keeps little where little is in use, and no record of what was written', () => {
  const counters = new UsageCounters();
  const seen = new Set<UsageCounter>();
  for (let i = 0; i < 1000; i++) {
    use(counters, 'a', 'b');
    for (const counter of counters.take(10)) seen.add(counter);
  }
  expect(seen.size).toBeLessThanOrEqual(16);
  counters.take(10);
  for (const counter of seen) expect(() => counter.record).toThrow('gone');
});
