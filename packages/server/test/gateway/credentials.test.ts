import { expect, test } from 'vitest';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { expectDenied } from './support/denied.ts';
import { behindEachProxy } from './support/guarded-api.ts';
import { expectIdentity, expectNoCredential } from './support/identity.ts';

type Headers = (readonly [string, string])[];
interface Known {
  token: string;
  publicId: string;
  secret: string;
}

const basic = (user: string, password: string): [string, string] => [
  'Authorization',
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
];

const taken: [string, 'token' | 'pair', (known: Known) => Headers][] = [
  ['a bearer', 'token', ({ token }) => [['Authorization', `Bearer ${token}`]]],
  ['a bearer in small letters', 'token', ({ token }) => [['authorization', `bearer ${token}`]]],
  ['X-API-Key', 'token', ({ token }) => [['X-API-Key', token]]],
  ['X-API-KEY in capitals', 'token', ({ token }) => [['X-API-KEY', token]]],
  [
    'a pair',
    'pair',
    ({ publicId, secret }) => [
      ['X-Key-Id', publicId],
      ['X-Key-Secret', secret],
    ],
  ],
  ['Basic with a pair', 'pair', ({ publicId, secret }) => [basic(publicId, secret)]],
  ['Basic with a token', 'token', ({ token }) => [basic(token, '')]],
];

const refused: [string, string, (known: Known) => Headers][] = [
  ['none', 'malformed', () => []],
  ['an empty header', 'malformed', () => [['Authorization', '']]],
  ['a bearer that is empty', 'malformed', () => [['Authorization', 'Bearer ']]],
  ['a key without its scheme', 'malformed', ({ token }) => [['Authorization', token]]],
  ['Basic that is no base64', 'malformed', () => [['Authorization', 'Basic %%%']]],
  ['an empty X-API-Key', 'malformed', () => [['X-API-Key', '']]],
  ['one half of a pair', 'malformed', ({ publicId }) => [['X-Key-Id', publicId]]],
  ['the other half', 'malformed', ({ secret }) => [['X-Key-Secret', secret]]],
  ['a key that is cut off', 'malformed', ({ token }) => [['X-API-Key', token.slice(0, -3)]]],
  ['a key that nobody made', 'not_found', () => [['X-API-Key', generateSecret('kw').reveal()]]],
  [
    'halves that do not belong together',
    'not_found',
    ({ publicId }) => [basic(publicId, generateSecret('kw').reveal())],
  ],
  [
    'the same header twice',
    'malformed',
    ({ token }) => [
      ['X-API-Key', token],
      ['X-API-Key', token],
    ],
  ],
  [
    'two that agree',
    'malformed',
    ({ token }) => [
      ['Authorization', `Bearer ${token}`],
      ['X-API-Key', token],
    ],
  ],
  [
    'two that contradict',
    'malformed',
    ({ token, publicId, secret }) => [
      ['X-API-Key', token],
      ['X-Key-Id', publicId],
      ['X-Key-Secret', secret],
    ],
  ],
];

/** Some proxies answer these by themselves. */
const repeated: [string, (known: Known) => Headers][] = [
  [
    'a bearer twice, in another case',
    ({ token }) => [
      ['Authorization', `Bearer ${token}`],
      ['AUTHORIZATION', `Bearer ${token}`],
    ],
  ],
  [
    'a bearer after a wrong one',
    ({ token }) => [
      ['Authorization', 'Bearer x'],
      ['Authorization', `Bearer ${token}`],
    ],
  ],
];

const addressed: [string, (token: string) => string][] = [
  ['under a name for it', (token) => `/things?api_key=${token}`],
  ['under any name', (token) => `/things?page=1&x=${token}`],
  ['as a name', (token) => `/things?${token}`],
];

behindEachProxy((at) => {
  const make = async () => {
    const whole = await at.createKey({ ownerId: 'token' });
    const pair = await at.createPair();
    const known = { token: whole.secret, publicId: pair.publicId, secret: pair.secret };
    return { known, keys: { token: whole.key, pair: pair.key } };
  };

  test.each(taken)('%s lets a request pass, and does not reach the API', async (_, kind, headersOf) => {
    const { known, keys } = await make();
    const answer = await at.send('/things', { headers: headersOf(known) });
    expect(answer.status, answer.text + at.proxy.logs()).toBe(200);
    const [received] = at.upstream.received;
    expectIdentity(received, keys[kind]);
    expectNoCredential(received, known.token, known.secret);
  });

  test.each(refused)('%s: 401', async (_, code, headersOf) => {
    const { known } = await make();
    expectDenied(at, await at.send('/things', { headers: headersOf(known) }), 401, code);
  });

  test.each(repeated)('%s: refused', async (_, headersOf) => {
    const { known } = await make();
    const answer = await at.send('/things', { headers: headersOf(known) });
    if (at.proxy.name !== 'nginx') return expectDenied(at, answer, 401, 'malformed');
    expect(answer.status).toBe(400);
    expect(at.upstream.received).toEqual([]);
  });

  test.each(addressed)(
    'a key in the address, %s: 401, though there is one in a header',
    async (_, pathOf) => {
      const { known } = await make();
      const path = pathOf(known.token);
      expectDenied(at, await at.send(path), 401, 'malformed');
      expectDenied(at, await at.send(path, { headers: [['X-API-Key', known.token]] }), 401, 'malformed');
    },
  );
});
