import { describe, expect, test } from 'vitest';
import { quotaInput, rateLimitsInput } from './limit.ts';

const rate = (fields: object = {}) => ({ name: 'burst', limit: 10, windowSeconds: 1, ...fields });

describe('rate limits', () => {
  test.each([
    [[]],
    [[rate()]],
    [[rate({ limit: 1_000_000_000, windowSeconds: 2_678_400 })]],
    [['a', 'A', '0', '-._', 'x'.repeat(64)].map((name) => rate({ name }))],
    [[rate({ name: 'quota-like' }), rate({ name: 'quotas' })]],
  ])('%j are taken as they are', (value) => {
    expect(rateLimitsInput.parse(value)).toEqual(value);
  });

  test.each([
    ...[null, {}, rate(), [null], [[]], ['burst'], [{}]],
    ...['', ' ', 'a b', 'é', 'a:b', 'a/b', 'a\n', 'x'.repeat(65), 'quota', 'Quota', 'QUOTA', 1, null].map(
      (name) => [rate({ name })],
    ),
    ...[0, -1, 1.5, 1_000_000_001, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '1', null].map((limit) => [
      rate({ limit }),
    ]),
    ...[0, -1, 0.5, 2_678_401, '60', null].map((windowSeconds) => [rate({ windowSeconds })]),
    [rate({ used: 0 })],
    [rate({ windowMs: 1 })],
    [rate(), rate({ limit: 11 })],
    Array.from({ length: 6 }, (_, i) => rate({ name: `r${i}` })),
  ])('%j are refused', (value) => {
    expect(rateLimitsInput.safeParse(value).success).toBe(false);
  });
});

describe('a quota', () => {
  test.each([
    { limit: 1, period: 'day' },
    { limit: 25, period: 'month' },
    { limit: 1_000_000_000_000, period: 'total' },
  ])('%j is taken as it is', (value) => {
    expect(quotaInput.parse(value)).toEqual(value);
  });

  test.each([
    ...[null, [], 10, '10', {}, { limit: 1 }, { period: 'day' }],
    ...[0, -1, 1.5, 1_000_000_000_001, '1', null].map((limit) => ({ limit, period: 'day' })),
    ...['', 'Day', 'week', 'year', 1, null].map((period) => ({ limit: 1, period })),
    { limit: 1, period: 'day', used: 0 },
    { limit: 1, period: 'day', generation: 1 },
  ])('%j is refused', (value) => {
    expect(quotaInput.safeParse(value).success).toBe(false);
  });
});
