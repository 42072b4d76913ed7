import { expect, test } from 'vitest';
import { scope, scopes, serviceKeyScopes } from './scope.ts';

test.each(['a', 'orders:read', 'orders:*', '*', 'a.b-c_d:e*', '0', 'x'.repeat(64), ...serviceKeyScopes])(
  '%s is a scope',
  (value) => {
    expect(scope.parse(value)).toBe(value);
  },
);

test.each(['', ' ', 'a b', 'Orders', 'é', 'a/b', 'a,b', 'a\n', 'a\0', 'x'.repeat(65), 1, null, ['a']])(
  '%j is none',
  (value) => {
    expect(scope.safeParse(value).success).toBe(false);
  },
);

test('there are at most 100, each once', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => `s${i}`);
  expect(scopes.parse(hundred)).toEqual(hundred);
  expect(scopes.parse([])).toEqual([]);
  expect(scopes.safeParse([...hundred, 'one.more']).success).toBe(false);
  expect(scopes.safeParse(['a', 'b', 'a']).success).toBe(false);
  for (const wrong of ['a', { 0: 'a' }, null, [['a']], [null]])
    expect(scopes.safeParse(wrong).success).toBe(false);
});
