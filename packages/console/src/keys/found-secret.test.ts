import { describe, expect, test } from 'vitest';
import { findSecret, hashFoundSecret } from './found-secret.ts';

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

test('its hash is the one that the server keeps', () => {
  expect(hashFoundSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
