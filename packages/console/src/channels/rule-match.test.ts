import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizePath } from '../../../server/src/gateway/request-path.ts';
import { compileScopeRules } from '../../../server/src/gateway/scope-rules.ts';
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

  test('finds what the server finds', () => {
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS');
    const pattern = fc
      .array(fc.constantFrom('a', 'b', '*', '~'), { minLength: 1, maxLength: 4 })
      .chain((parts) => fc.constantFrom(`/${parts.join('/')}`, `/${parts.join('/')}/`, '/'));
    const path = fc
      .array(
        fc.constantFrom('a', 'b', '%61', '%7e', '%3f', '%2F', '%2e', '..', '.', '', '\\', '#', 'ä', '%'),
        {
          maxLength: 5,
        },
      )
      .map((parts) => `/${parts.join('/')}`);
    const rule = fc.record({ method: fc.constantFrom('*', 'GET', 'POST'), path: pattern });
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), method, path, (list, asked, target) => {
        const named = list.map((each, place) => ({ ...each, scopes: [`rule-${place}`] }));
        const normal = normalizePath(target);
        const found = matchRule(
          named.map((each) => ({ ...each, scopes: each.scopes.join(' ') })),
          asked,
          target,
        );
        expect(found === null).toBe(normal === null);
        if (normal === null || found === null) return;
        const expected = found.place === null ? ['*'] : [`rule-${found.place}`];
        expect(compileScopeRules(named)(asked, normal)).toStrictEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
