import { describe, expect, test } from 'vitest';
import { findSecret, holdsSecret } from './found-secret.ts';
import { hashFoundSecret } from './hash-secret.ts';

const token = 'kw_CBX3NFE4JaT3uWCQTFTgnemVcWPmSIOLEOTlnU4IL1bd4TXf03p3tPb1tJOAL';
const live = 'acme_live_nCrqjlxxw0Jz6Lc4oHau5gjR6XD0mgIcs2iuuIw7xLHGH6li4UHCyN';
const imported = 'Zx'.repeat(32);

describe('a whole secret is found', () => {
  test.each([
    ['alone', (secret: string) => secret],
    ['between spaces', (secret: string) => `  ${secret}\n`],
    ['in a line of a file', (secret: string) => `ACME_KEY=${secret}`],
    ['in quotes', (secret: string) => `export ACME_KEY="${secret}"`],
    ['in a header', (secret: string) => `Authorization: Bearer ${secret}`],
    ['in an address', (secret: string) => `https://api.example.com/v1?key=${secret}&page=2`],
    ['in JSON', (secret: string) => `{"key":"${secret}","n":1}`],
    ['after other words', (secret: string) => `the key is ${secret}, revoke it`],
  ])('%s', (_, write) => {
    for (const secret of [token, live, imported]) expect(findSecret(write(secret))).toBe(secret);
  });

  test('where a field put lines together, by its checksum', () => {
    expect(findSecret(`ACME_KEY=${token}OTHER=1`)).toBe(token);
    expect(findSecret(`ACME_KEY_${live}_2`)).toBe(live);
  });

  test('with a typing error, as long as it stands alone', () => {
    const mistyped = `${token.slice(0, -1)}M`;
    expect(findSecret(`KEY=${mistyped}`)).toBe(mistyped);
  });
});

test.each([
  '',
  'backup job',
  'kw_aB3d…x9Zk',
  'key_01J8ZQ4YB7W5K2N9M3P6R8T0VX',
  'kw_pk_0123456789abcdefghijkl',
  `${'a'.repeat(63)}`,
  `${'long_name_'.repeat(12)}`,
])('%s is none', (text) => {
  expect(findSecret(text)).toBeNull();
});

describe('a large part of a secret', () => {
  const pair = '7hBq'.repeat(16);
  test.each([
    ['the end is missing', token.slice(0, 50)],
    ['the beginning is missing', live.slice(-45)],
    ['a letter is missing', live.slice(0, 63)],
    ['a letter is too many and another is wrong', `${token.slice(0, -2)}MNO`],
    ['of a pair', pair.slice(0, 60)],
    ['with a single digit', 'kw_CBXXNFEZJaTZuWCQTFTgnemVcWPmSIOLEOTlnUxIL1bdrTX'],
    ['in a header', `Authorization: Bearer ${token.slice(0, 40)}`],
    ['a whole one', token],
  ])('%s', (_, text) => {
    expect(holdsSecret(text)).toBe(true);
  });

  test.each([
    token.slice(0, 20),
    'kw_aB3d…x9Zk',
    'kw_pk_0123456789abcdefghijKL',
    'key_01j8zq4yb7w5k2n9m3p6r8t0vx',
    'user_2NNEqL2nrIRdJ194ndJqAHwfEfC',
    '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    'd41d8cd98f00b204e9800998ecf8427e',
    'TheNightlyExportOfAllOrdersToTheWarehouse',
    'U4af4980629b1d2e3f4a5b6c7d8e9f0a1b',
    'the_nightly_export_of_2026_to_Rotterdam_second_attempt',
    `${'long_name_'.repeat(12)}`,
  ])('%s is none', (text) => {
    expect(holdsSecret(text)).toBe(false);
  });
});

test('a text of any length is looked through in no time', () => {
  // Looked at from each place anew, a million letters would take minutes.
  expect(holdsSecret('a'.repeat(1_000_000))).toBe(false);
  expect(holdsSecret(`${'aB'.repeat(500_000)} ${token.slice(0, 40)}`)).toBe(true);
});

test('its hash is the one that the server keeps', () => {
  expect(hashFoundSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
