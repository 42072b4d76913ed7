import { expect, test } from 'vitest';
import { Allowance } from './allowance.ts';

const hourMs = 60 * 60_000;

test('each sender has so many an hour, and then again', () => {
  let now = 0;
  const allowance = new Allowance(2, { monotonic: () => now });
  const take = (sender: string) => allowance.take(sender);
  expect(['a', 'a', 'b', 'a'].map(take)).toEqual([true, true, true, false]);
  now = hourMs - 1;
  expect([take('a'), take('b'), take('b')]).toEqual([false, true, false]);
  now = hourMs;
  expect([take('a'), take('a'), take('a')]).toEqual([true, true, false]);
});

test('a flood of senders takes no more memory than there is for them', () => {
  const allowance = new Allowance(1, { monotonic: () => 0 });
  allowance.take('first');
  expect(allowance.take('first')).toBe(false);
  for (let i = 0; i < 10_000; i++) allowance.take(`sender ${i}`);
  // It was forgotten for the others.
  expect(allowance.take('first')).toBe(true);
  expect(allowance.take('sender 9999')).toBe(false);
});
