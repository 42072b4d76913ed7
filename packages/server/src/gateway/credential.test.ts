import { type CredentialKind, credentialKinds } from '@keywright/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generatePublicId, generateSecret } from '../keys/secret-format.ts';
import { credentialHeaders, readCredential } from './credential.ts';

const key = generateSecret('kw').reveal();
const other = generateSecret('kw').reveal();
const publicId = generatePublicId('kw');

type Headers = readonly (readonly [name: string, value: string])[];

function read(headers: Headers, search = '', kinds: readonly CredentialKind[] = credentialKinds) {
  return readCredential(headers.flat(), search, kinds);
}

function faultOf(headers: Headers, search = '', kinds: readonly CredentialKind[] = credentialKinds) {
  const read = readCredential(headers.flat(), search, kinds);
  return 'fault' in read ? read.fault : read;
}

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

describe('a key is read', () => {
  test.each<[string, Headers]>([
    ['behind Bearer', [['Authorization', `Bearer ${key}`]]],
    ['with the scheme and the name in any case', [['AUTHORIZATION', `bEARER ${key}`]]],
    ['behind several spaces, and before some', [['Authorization', `Bearer   ${key}  `]]],
    ['in X-API-Key', [['x-api-key', key]]],
    ['as the user of Basic, with an empty password', [['Authorization', basic(`${key}:`)]]],
    [
      'among other headers',
      [
        ['Host', 'api.example'],
        ['X-API-Keys', other],
        ['X-Api', other],
        ['Authorization2', other],
        ['X-API-Key', key],
        ['Cookie', `key=${other}`],
      ],
    ],
  ])('%s', (_, headers) => {
    expect(read(headers)).toEqual({ key });
  });

  test.each<[string, Headers]>([
    [
      'from X-Key-Id and X-Key-Secret',
      [
        ['X-Key-Id', publicId],
        ['X-Key-Secret', key],
      ],
    ],
    ['from Basic', [['Authorization', basic(`${publicId}:${key}`)]]],
  ])('as a pair %s', (_, headers) => {
    expect(read(headers)).toEqual({ publicId, secret: key });
  });

  test('and everything behind the first colon of Basic is the secret', () => {
    expect(read([['Authorization', basic(`${publicId}:a:b`)]])).toEqual({ publicId, secret: 'a:b' });
  });

  test('whatever it is: whether it is one is for the verifier to say', () => {
    expect(read([['X-API-Key', 'nonsense']])).toEqual({ key: 'nonsense' });
    const megabyte = 'x'.repeat(2 ** 20);
    expect(read([['Authorization', `Bearer ${megabyte}`]])).toEqual({ key: megabyte });
    expect(read([['X-API-Key', "' OR 1=1 --\0é"]])).toEqual({ key: "' OR 1=1 --\0é" });
  });
});

describe('missing', () => {
  test.each<[string, Headers]>([
    ['without any header', []],
    ['beside headers that are none', [['Host', 'x']]],
    ['in another scheme', [['Authorization', `Digest username="x", response="${key}"`]]],
    ['in a scheme that only begins so', [['Authorization', `Bearers ${key}`]]],
    ['in a cookie', [['Cookie', `authorization=Bearer ${key}`]]],
  ])('%s', (_, headers) => {
    expect(faultOf(headers)).toBe('missing');
  });

  test.each<[CredentialKind[], Headers]>([
    [['x_api_key', 'pair', 'basic'], [['Authorization', `Bearer ${key}`]]],
    [['bearer', 'x_api_key', 'pair'], [['Authorization', basic(`${publicId}:${key}`)]]],
    [['bearer', 'pair', 'basic'], [['X-API-Key', key]]],
    [
      ['bearer', 'x_api_key', 'basic'],
      [
        ['X-Key-Id', publicId],
        ['X-Key-Secret', key],
      ],
    ],
  ])('where the channel takes %j only', (kinds, headers) => {
    expect(faultOf(headers, '', kinds)).toBe('missing');
  });

  test('what the channel does not take stands beside what it takes, also twice', () => {
    const apiKey = ['X-API-Key', key] as const;
    expect(read([['Authorization', `Bearer ${other}`], apiKey], '', ['x_api_key'])).toEqual({ key });
    expect(read([['Authorization', 'Bearer'], apiKey], '', ['x_api_key', 'basic'])).toEqual({ key });
    const twice = [['X-Key-Id', 'a'], ['X-Key-Id', 'b'], apiKey] as const;
    expect(read(twice, '', ['x_api_key'])).toEqual({ key });
    expect(faultOf(twice)).toBe('twice');
  });

  test.each<[CredentialKind[], string]>([
    [['bearer', 'basic'], '"Authorization: Bearer <key>"'],
    [['x_api_key'], '"X-API-Key: <key>"'],
    [['pair'], '"X-Key-Id: <key id>" and "X-Key-Secret: <secret>"'],
    [['basic'], '"Authorization: Basic <base64 of key id:secret>"'],
  ])('and how to send it, where %j is taken, is told', (kinds, example) => {
    expect(read([], '', kinds)).toMatchObject({ detail: expect.stringContaining(example) });
  });
});

describe('malformed', () => {
  test.each<[string, Headers]>([
    ['an empty Authorization', [['Authorization', '']]],
    ['Bearer alone', [['Authorization', 'Bearer']]],
    ['Bearer with nothing behind it', [['Authorization', 'Bearer  ']]],
    ['two words behind Bearer', [['Authorization', `Bearer ${key} ${key}`]]],
    ['a tab in the key', [['Authorization', `Bearer ${key}\tx`]]],
    ['a key without a scheme', [['Authorization', key]]],
    ['an empty X-API-Key', [['X-API-Key', '']]],
    ['half of a pair: the id', [['X-Key-Id', publicId]]],
    ['half of a pair: the secret', [['X-Key-Secret', key]]],
    [
      'a pair with an empty half',
      [
        ['X-Key-Id', publicId],
        ['X-Key-Secret', ''],
      ],
    ],
    [
      'a pair with the other half empty',
      [
        ['X-Key-Id', ''],
        ['X-Key-Secret', key],
      ],
    ],
    ['Basic alone', [['Authorization', 'Basic']]],
    ['Basic that is no base64', [['Authorization', 'Basic a:b']]],
    ['Basic with a space in it', [['Authorization', `${basic('a:b')} x`]]],
    ['Basic in the alphabet of addresses', [['Authorization', 'Basic __--']]],
    ['Basic without a colon', [['Authorization', basic('user')]]],
    ['Basic without a user', [['Authorization', basic(`:${key}`)]]],
    ['Basic with nothing at all', [['Authorization', basic(':')]]],
  ])('%s', (_, headers) => {
    expect(faultOf(headers)).toBe('malformed');
  });

  test('no fault repeats what was sent', () => {
    for (const headers of [
      [['Authorization', key]],
      [['Authorization', `Bearer ${key} ${key}`]],
      [['X-Key-Secret', key]],
    ] as const) {
      expect(JSON.stringify(read(headers))).not.toContain(key.slice(3, 20));
    }
    expect(JSON.stringify(read([], `api_key=${key}`))).not.toContain(key.slice(3, 20));
  });
});

describe('more than one', () => {
  test.each<[string, Headers]>([
    [
      'of a header, whatever the case',
      [
        ['X-API-Key', key],
        ['x-api-KEY', other],
      ],
    ],
    [
      'of a header, also with the same in it',
      [
        ['Authorization', `Bearer ${key}`],
        ['authorization', `Bearer ${key}`],
      ],
    ],
    [
      'of a header, one of them in a scheme that is none here',
      [
        ['Authorization', 'Digest x'],
        ['Authorization', `Bearer ${key}`],
      ],
    ],
    [
      'of a header, one of them empty',
      [
        ['X-API-Key', ''],
        ['X-API-Key', key],
      ],
    ],
    [
      'half of a pair',
      [
        ['X-Key-Id', publicId],
        ['X-Key-Secret', key],
        ['X-Key-Id', publicId],
      ],
    ],
    [
      'way: Bearer and X-API-Key',
      [
        ['Authorization', `Bearer ${key}`],
        ['X-API-Key', other],
      ],
    ],
    [
      'way, also with the same key',
      [
        ['Authorization', `Bearer ${key}`],
        ['X-API-Key', key],
      ],
    ],
    [
      'way: a pair and a token',
      [
        ['X-Key-Id', publicId],
        ['X-Key-Secret', key],
        ['X-API-Key', other],
      ],
    ],
    [
      'way: Basic and X-API-Key',
      [
        ['Authorization', basic(`${key}:`)],
        ['X-API-Key', key],
      ],
    ],
    [
      'way, one of them broken',
      [
        ['Authorization', 'Bearer'],
        ['X-API-Key', key],
      ],
    ],
    [
      'way, one of them half a pair',
      [
        ['X-Key-Id', publicId],
        ['X-API-Key', key],
      ],
    ],
  ])('%s', (_, headers) => {
    expect(faultOf(headers)).toBe('twice');
  });
});

describe('in the query', () => {
  test.each([
    `api_key=${key}`,
    'api_key=x',
    'API_KEY=x',
    'a=b&apikey=x',
    'api-key=',
    'x-api-key=x',
    'access_token=x',
    'api%5Fkey=x',
    'a%70i_key=x',
    `anything=${key}`,
    `anything=${key.replace('_', '%5F')}`,
    `a=${encodeURIComponent(key).replaceAll(/./g, (c) => (c === '%' ? c : `%${c.charCodeAt(0).toString(16)}`))}`,
    key,
    `${key}=x`,
    `a=b&&${key}`,
  ])('%s', (search) => {
    expect(faultOf([], search)).toBe('in_query');
    // A good one in a header does not make it good.
    expect(faultOf([['X-API-Key', other]], search)).toBe('in_query');
  });

  test.each(['', 'a=b', 'key=x', 'q=api_key', `a=${key.slice(1)}`, '%', '%ff%zz=%', '&&=&', 'api_keys=x'])(
    'not: %s',
    (search) => {
      expect(read([['X-API-Key', key]], search)).toEqual({ key });
    },
  );
});

test('whatever comes, it is a credential or a fault, and never an exception', () => {
  const name = fc.oneof(
    fc.constantFrom('Authorization', 'authorization', 'X-API-Key', 'X-Key-Id', 'x-key-secret', '__proto__'),
    fc.string(),
  );
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('Bearer', 'Basic', `Bearer ${key}`, basic('a:b'), basic('\0:\ud800'), 'Basic ===='),
    fc.string().map((text) => `Bearer ${text}`),
    fc.string().map((text) => basic(text)),
  );
  const kinds = fc.subarray([...credentialKinds], { minLength: 1 });
  const faults = ['missing', 'twice', 'in_query', 'malformed'];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, value)),
      fc.string({ unit: 'binary' }),
      kinds,
      (headers, search, taken) => {
        const found = readCredential(headers.flat(), search, taken);
        if ('fault' in found) return faults.includes(found.fault);
        return 'key' in found ? found.key !== '' : found.publicId !== '' && found.secret !== '';
      },
    ),
    { numRuns: 2000 },
  );
});

test('which headers hold credentials is known by the kinds, and no header is left that is read', () => {
  expect(credentialHeaders(credentialKinds)).toEqual([
    'authorization',
    'x-api-key',
    'x-key-id',
    'x-key-secret',
  ]);
  expect(credentialHeaders(['bearer'])).toEqual(['authorization']);
  expect(credentialHeaders(['basic', 'x_api_key'])).toEqual(['authorization', 'x-api-key']);
  expect(credentialHeaders(['pair'])).toEqual(['x-key-id', 'x-key-secret']);
});
