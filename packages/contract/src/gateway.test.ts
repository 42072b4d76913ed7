import { describe, expect, test } from 'vitest';
import { createChannelBody, updateChannelBody } from './channel.ts';
import { channelGateway, channelGatewayPatch, defaultChannelGateway, scopeRule } from './gateway.ts';

const rule = { method: 'GET', path: '/orders/*', scopes: ['orders:read'] };

function takes(patch: unknown): boolean {
  return channelGatewayPatch.safeParse(patch).success;
}

test('the default is one, and takes every way to send a key', () => {
  expect(channelGateway.parse(defaultChannelGateway)).toEqual({
    credentials: ['bearer', 'x_api_key', 'pair', 'basic'],
    scopeRules: [],
    preflight: 'check',
    explain: true,
  });
});

test('a change may hold one field, or none, and no other', () => {
  for (const patch of [
    {},
    { credentials: ['basic'] },
    { scopeRules: [rule] },
    { preflight: 'pass' },
    { explain: false },
  ])
    expect(takes(patch), JSON.stringify(patch)).toBe(true);
  for (const patch of [
    null,
    [],
    { upstream: 'http://x' },
    { scopeRules: null },
    { explain: 'false' },
    { explain: 1 },
    { preflight: 'block' },
    { credentials: null },
  ])
    expect(takes(patch), JSON.stringify(patch)).toBe(false);
});

test('it stands in the bodies of channels', () => {
  const gateway = { scopeRules: [rule] };
  expect(createChannelBody.parse({ slug: 'ab', name: 'n', gateway }).gateway).toEqual(gateway);
  expect(updateChannelBody.parse({ gateway }).gateway).toEqual(gateway);
  expect(updateChannelBody.safeParse({ gateway: null }).success).toBe(false);
  expect(updateChannelBody.safeParse({ gateway: { ...gateway, x: 1 } }).success).toBe(false);
});

describe('ways to send a key', () => {
  test.each([
    [[], false],
    [['bearer', 'bearer'], false],
    [['cookie'], false],
    [['Bearer'], false],
    ['bearer', false],
    [['pair', 'bearer', 'basic', 'x_api_key'], true],
  ])('%j: %s', (credentials, expected) => {
    expect(takes({ credentials })).toBe(expected);
  });
});

describe('a rule', () => {
  const takesPath = (path: unknown) => scopeRule.safeParse({ ...rule, path }).success;

  test.each([
    '/',
    '/*',
    '/orders',
    '/orders/',
    '/orders/*',
    '/*/orders/*/lines',
    '/~ana/-_.:@!$&()+,;=',
    '/...',
    '/.well-known/x',
    `/${'a'.repeat(499)}`,
  ])('takes the path %s', (path) => {
    expect(takesPath(path)).toBe(true);
  });

  test.each([
    ...['', 'orders', '*', '//', '/a//b', '/.', '/..', '/./a', '/a/../b', '/a/..'],
    ...['/a?b', '/a#b', '/a%20b', '/%2e', '/a\\b', '/a b', '/a\tb', '/a\nb', '/a\0b', '/\x7f', '/é', '/🔑'],
    ...['/a*', '/*a', '/a/*b/c', '/**', `/${'a'.repeat(500)}`, null, 1, ['/']],
  ])('does not take the path %j', (path) => {
    expect(takesPath(path)).toBe(false);
  });

  test.each([
    ['*', true],
    ['GET', true],
    ['PROPFIND', true],
    ['get', false],
    ['', false],
    ['GET,POST', false],
    ['GET ', false],
    ['M-SEARCH', false],
    ['A'.repeat(21), false],
    [null, false],
  ])('with the method %j: %s', (method, expected) => {
    expect(scopeRule.safeParse({ ...rule, method }).success).toBe(expected);
  });

  test('has its three fields, and none besides', () => {
    expect(scopeRule.safeParse({ ...rule, scopes: [] }).success).toBe(true);
    expect(scopeRule.safeParse({ ...rule, scopes: ['Not A Scope'] }).success).toBe(false);
    expect(scopeRule.safeParse({ ...rule, host: 'x' }).success).toBe(false);
    expect(scopeRule.safeParse({ method: 'GET', path: '/' }).success).toBe(false);
  });

  test('is one of a hundred at most', () => {
    const rules = Array.from({ length: 101 }, () => rule);
    expect(takes({ scopeRules: rules.slice(1) })).toBe(true);
    expect(takes({ scopeRules: rules })).toBe(false);
  });
});
