import type { ScopeRule } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { compileScopeRules } from './scope-rules.ts';

function rule(line: string, ...scopes: string[]): ScopeRule {
  const [method = '', path = ''] = line.split(' ');
  return { method, path, scopes };
}

/** The scopes that a request needs, by rules. */
function needed(rules: ScopeRule[], request: string): string[] {
  const [method = '', path = ''] = request.split(' ');
  return [...compileScopeRules(rules)(method, path)];
}

const orders = [
  rule('GET /orders', 'orders:read'),
  rule('GET /orders/*', 'orders:read'),
  rule('POST /orders', 'orders:write'),
  rule('* /orders/*/lines', 'lines', 'orders:read'),
  rule('* /health'),
];

test('without rules nothing is needed', () => {
  expect(needed([], 'DELETE /everything')).toEqual([]);
});

describe('the first rule that fits decides', () => {
  test.each([
    ['GET /orders', ['orders:read']],
    ['GET /orders/1', ['orders:read']],
    // The rule for lines comes too late.
    ['GET /orders/1/lines', ['orders:read']],
    ['POST /orders', ['orders:write']],
    ['POST /orders/1/lines', ['lines', 'orders:read']],
    ['PROPFIND /health', []],
  ])('%s: %j', (request, scopes) => {
    expect(needed(orders, request)).toEqual(scopes);
  });

  test('also where a later one is narrower', () => {
    const rules = [rule('* /*', 'any'), rule('GET /public')];
    expect(needed(rules, 'GET /public')).toEqual(['any']);
    expect(needed(rules.toReversed(), 'GET /public')).toEqual([]);
  });
});

describe('what fits none needs the scope *', () => {
  test.each([
    'DELETE /orders',
    'POST /orders/1',
    'GET /',
    'GET /order',
    'GET /Orders',
    'GET /orders2',
    'get /orders',
    'GETS /orders',
    'POST /orders/',
    'POST /orders/1/lines/',
    'POST /orders//lines',
    'POST /orders/1/2/lines',
    'GET /health/x',
    'GET /HEALTH',
    'GET /he%61lth',
  ])('%s', (request) => {
    expect(needed(orders, request)).toEqual(['*']);
  });
});

describe('HEAD', () => {
  test('needs what GET needs', () => {
    expect(needed(orders, 'HEAD /orders')).toEqual(['orders:read']);
  });

  test('has a rule of its own where that comes first', () => {
    expect(needed([rule('HEAD /a', 'head'), rule('GET /a', 'get')], 'HEAD /a')).toEqual(['head']);
    expect(needed([rule('GET /a', 'get'), rule('HEAD /a', 'head')], 'HEAD /a')).toEqual(['get']);
  });

  test('and its rule is not one for GET, nor a rule for others one for it', () => {
    expect(needed([rule('HEAD /a', 'head')], 'GET /a')).toEqual(['*']);
    expect(needed([rule('POST /a', 'post')], 'HEAD /a')).toEqual(['*']);
  });
});

describe('a star', () => {
  test.each([
    [
      'at the end stands for all that follows',
      '/a/*',
      ['/a/b', '/a/b/c', '/a/', '/a/b/'],
      ['/a', '/', '/b/a/c'],
    ],
    ['alone stands for everything', '/*', ['/', '/a', '/a/b/c'], []],
    [
      'in the middle stands for one part',
      '/a/*/c',
      ['/a/b/c', '/a/*/c'],
      ['/a/c', '/a//c', '/a/b/b/c', '/a/b/c/'],
    ],
    ['in both places', '/*/b/*', ['/a/b/c', '/a/b/'], ['/a/b', '//b/c', '/a/c/b']],
  ])('%s', (_, path, fitting, others) => {
    const rules = [rule(`* ${path}`, 'x')];
    for (const each of fitting) expect(needed(rules, `GET ${each}`), each).toEqual(['x']);
    for (const each of others) expect(needed(rules, `GET ${each}`), each).toEqual(['*']);
  });
});

describe('a path with parameters', () => {
  const rules = [
    rule('* /admin/*', 'admin'),
    rule('* /orders/*', 'orders'),
    rule('* /m;v=1/*', 'm'),
    rule('* /*'),
  ];

  test.each([
    ['GET /orders/1;v=2', ['orders']],
    ['GET /orders/;v=2', ['orders']],
    ['GET /orders/1;v=2/x%3By', ['orders']],
    ['GET /public/a;b', []],
    ['GET /m;v=1/x', ['m']],
  ])('%s needs what both readings of it need', (request, expected) => {
    expect(needed(rules, request)).toEqual(expected);
  });

  test.each(['GET /admin;x/users', 'GET /admin%3Bx/users', 'GET /orders;v=1/1', 'GET /m;v=2/x'])(
    '%s is closed, since its readings meet different rules',
    (request) => {
      expect(needed(rules, request)).toEqual(['*']);
    },
  );
});
