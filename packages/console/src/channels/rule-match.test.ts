import { describe, expect, test } from 'vitest';
import type { RuleValues } from './gateway-values.ts';
import { matchRule } from './rule-match.ts';

const rules: readonly RuleValues[] = [
  { method: 'GET', path: '/orders/*', scopes: 'orders:read' },
  { method: '*', path: '/orders/*/refunds', scopes: 'refunds' },
  { method: 'POST', path: ' /orders ', scopes: '' },
];

describe('matchRule', () => {
  test.each([
    ['GET', '/orders/1', 0],
    ['HEAD', '/orders/1/refunds', 0],
    ['POST', '/orders/1/refunds', 1],
    ['POST', '/orders', 2],
    ['GET', '/orders', null],
    ['GET', '/Orders/1', null],
  ])('%s %s meets %j', (method, path, place) => {
    expect(matchRule(rules, method, path)).toStrictEqual({ place });
  });

  test.each(['orders', '/orders//1', '/orders/../1', '/orders/%2e%2e/1', '/a%2fb', '/a%', '/a b', '/ä'])(
    '%s is never let through',
    (path) => {
      expect(matchRule(rules, 'GET', path)).toBeNull();
    },
  );
});
