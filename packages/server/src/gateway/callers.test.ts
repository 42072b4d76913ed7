import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { Secret } from '../keys/secret-format.ts';
import { createCallerCheck } from './callers.ts';

const right = 'said-by-the-proxies';

interface Given {
  ranges?: string[];
  token?: string;
}

function mayAsk({ ranges, token }: Given, from: string, headers: Record<string, string | string[]> = {}) {
  const check = createCallerCheck({
    ranges: ranges ?? null,
    token: token === undefined ? null : new Secret(token),
  });
  return check({ socket: { remoteAddress: from }, headers } as unknown as IncomingMessage);
}

describe('with nothing set, this machine alone may ask', () => {
  test.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', false],
    ['192.0.2.1', false],
    ['::ffff:10.0.0.1', false],
    ['::2', false],
    ['0.0.0.0', false],
  ])('%s: %s', (from, expected) => {
    expect(mayAsk({}, from)).toBe(expected);
  });

  test('and no header says otherwise', () => {
    const headers = { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' };
    expect(mayAsk({}, '192.0.2.1', headers)).toBe(false);
    expect(mayAsk({}, '192.0.2.1', { 'x-keywright-token': '' })).toBe(false);
  });
});

describe('with addresses', () => {
  test.each([
    ['10.1.0.1', true],
    ['::ffff:10.1.0.1', true],
    ['2001:db8::7', true],
    ['10.2.0.1', false],
    ['127.0.0.1', false],
    ['::1', false],
  ])('%s: %s', (from, expected) => {
    expect(mayAsk({ ranges: ['10.1.0.0/16', '2001:db8::7'] }, from)).toBe(expected);
  });
});

describe('with a token', () => {
  const sends = (token: string | string[]) => ({ 'x-keywright-token': token });

  test('whoever sends it may ask, from anywhere, and nobody else', () => {
    for (const from of ['192.0.2.1', '127.0.0.1']) {
      expect(mayAsk({ token: right }, from, sends(right))).toBe(true);
      expect(mayAsk({ token: right }, from)).toBe(false);
    }
  });

  test.each([
    '',
    'wrong',
    `${right} `,
    right.slice(1),
    `${right}, ${right}`,
    right.toUpperCase(),
    'é'.repeat(19),
  ])('not with %j', (token) => {
    expect(mayAsk({ token: right }, '127.0.0.1', sends(token))).toBe(false);
  });

  test('nor with a list, nor in another header', () => {
    expect(mayAsk({ token: right }, '127.0.0.1', sends([right]))).toBe(false);
    expect(mayAsk({ token: right }, '127.0.0.1', { authorization: `Bearer ${right}` })).toBe(false);
  });

  test('and addresses, both must be right', () => {
    const given = { ranges: ['10.0.0.0/8'], token: right };
    expect(mayAsk(given, '10.0.0.1', sends(right))).toBe(true);
    expect(mayAsk(given, '10.0.0.1', sends('wrong'))).toBe(false);
    expect(mayAsk(given, '10.0.0.1')).toBe(false);
    expect(mayAsk(given, '127.0.0.1', sends(right))).toBe(false);
  });
});
