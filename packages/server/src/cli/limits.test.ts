import { expect, test } from 'vitest';
import { collectRateLimit, parseQuota } from './limits.ts';

test('rate limits are collected', () => {
  const first = collectRateLimit('burst=10/1s');
  expect(collectRateLimit('hourly=1000/1h', first)).toEqual([
    { name: 'burst', limit: 10, windowSeconds: 1 },
    { name: 'hourly', limit: 1000, windowSeconds: 3600 },
  ]);
});

test.each(['', 'burst', '10/1s', 'burst=10', 'burst=x/1s', 'burst=10/soon', '=10/1s', 'a=1/1s/2'])(
  '%j is no rate limit',
  (text) => {
    expect(() => collectRateLimit(text)).toThrow(/such as/);
  },
);

test('a quota has a number and a period', () => {
  expect(parseQuota('100000/month')).toEqual({ limit: 100_000, period: 'month' });
});

test.each(['', '5', '5/', '5/year', '/day', '-5/day', '5/day/2'])('%j is no quota', (text) => {
  expect(() => parseQuota(text)).toThrow(/100000\/month/);
});
