import { expect, test } from 'vitest';
import { plainRecord as record } from '../testing/plain-record.ts';
import { UsageCounters } from './usage-counter.ts';

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
