import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../domain/error.ts';
import { type Dialect, dialects } from './dialects.ts';

function dialect(name: string): Dialect {
  const found = dialects.get(name);
  if (found === undefined) throw new Error(`there is no dialect ${name}`);
  return found;
}

type Headers = readonly (readonly [name: string, value: string])[];

function read(name: string, headers: Headers, own = { path: '/', search: '' }, method = 'GET') {
  const incoming = { method, rawHeaders: headers.flat() } as unknown as IncomingMessage;
  return dialect(name).read(incoming, own);
}

const forwarded: Headers = [
  ['X-Forwarded-Method', 'POST'],
  ['X-Forwarded-Uri', '/orders/1?a=b?c'],
  ['X-Forwarded-For', '192.0.2.1, 10.0.0.1'],
];
const original: Headers = [
  ['X-Original-Method', 'PUT'],
  ['X-Original-URI', '/users/%31?q='],
  ['X-Real-IP', '192.0.2.2'],
];

test('there are three', () => {
  expect([...dialects.keys()]).toEqual(['forward-auth', 'auth-request', 'ext-authz']);
  expect([...dialects.values()].map(({ door, takesPath }) => [door, takesPath])).toEqual([
    ['forward_auth', false],
    ['auth_request', false],
    ['ext_authz', true],
  ]);
});

describe('each reads what its proxy sets, and nothing else', () => {
  test('forward-auth: X-Forwarded-*', () => {
    expect(read('forward-auth', [...original, ...forwarded])).toEqual({
      method: 'POST',
      path: '/orders/1',
      search: 'a=b?c',
      hops: '192.0.2.1, 10.0.0.1',
    });
  });

  test('auth-request: X-Original-* and X-Real-IP', () => {
    expect(read('auth-request', [...forwarded, ...original])).toEqual({
      method: 'PUT',
      path: '/users/%31',
      search: 'q=',
      hops: '192.0.2.2',
    });
  });

  test('ext-authz: its own request', () => {
    const own = { path: '/maps/1', search: 'x' };
    expect(read('ext-authz', [...original, ...forwarded], own, 'PROPFIND')).toEqual({
      method: 'PROPFIND',
      path: '/maps/1',
      search: 'x',
      hops: '192.0.2.1, 10.0.0.1',
    });
  });

  test.each(['forward-auth', 'auth-request', 'ext-authz'])(
    '%s: nobody has to say where it comes from',
    (name) => {
      const headers = [...forwarded, ...original].filter(([header]) => !/-(For|IP)$/.test(header));
      expect(read(name, headers).hops).toBeNull();
    },
  );

  test('a target in absolute form is read as its path', () => {
    const headers: Headers = [
      ['x-original-method', 'GET'],
      ['x-original-uri', 'http://evil.example/a?b'],
    ];
    expect(read('auth-request', headers)).toMatchObject({ path: '/a', search: 'b' });
  });
});

function refusalOf(name: string, headers: Headers): DomainError {
  try {
    read(name, headers);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('what a proxy must say and does not, or says twice, is its fault', () => {
  const cases = [
    ...forwarded.map(([header]) => ['forward-auth', header, forwarded] as const),
    ...original.map(([header]) => ['auth-request', header, original] as const),
  ];
  const isNeeded = (header: string) => !/-(For|IP)$/.test(header);

  test.each(cases.filter(([, header]) => isNeeded(header)))('%s without %s', (name, header, headers) => {
    const left = headers.filter(([each]) => each !== header);
    for (const given of [left, [...left, [header, '']] as Headers]) {
      const { code, detail } = refusalOf(name, given);
      expect([code, detail]).toEqual(['validation_failed', expect.stringContaining(header)]);
    }
  });

  test.each([...cases, ['ext-authz', 'X-Forwarded-For', forwarded] as const])(
    '%s with two %s',
    (name, header, headers) => {
      const same = headers.find(([each]) => each === header)?.[1] ?? '';
      for (const value of [same, '', 'GET']) {
        for (const spelled of [header, header.toLowerCase(), header.toUpperCase()]) {
          const { code, detail } = refusalOf(name, [[spelled, value], ...headers]);
          expect([code, detail]).toEqual(['validation_failed', expect.stringContaining(header)]);
        }
      }
    },
  );

  test.each(['GET POST', 'GET,POST', 'GE\tT', 'É', 'G'.repeat(33), 'GET/'])('a method %j', (method) => {
    expect(
      refusalOf('forward-auth', [
        ['X-Forwarded-Method', method],
        ['X-Forwarded-Uri', '/'],
      ]).code,
    ).toBe('validation_failed');
    expect(
      refusalOf('auth-request', [
        ['X-Original-Method', method],
        ['X-Original-URI', '/'],
      ]).code,
    ).toBe('validation_failed');
  });

  test('and no value of a client’s is repeated to it', () => {
    const headers: Headers = [
      ['X-Forwarded-Method', 'kw secret'],
      ['X-Forwarded-Uri', '/'],
    ];
    expect(refusalOf('forward-auth', headers).detail).not.toContain('secret');
  });
});

test('nginx passes on 401 and 403 alone, the others everything', () => {
  const passed = (name: string) => [400, 401, 403, 429].filter((status) => dialect(name).passesOn(status));
  expect(passed('auth-request')).toEqual([401, 403]);
  for (const name of ['forward-auth', 'ext-authz']) expect(passed(name)).toEqual([400, 401, 403, 429]);
});
