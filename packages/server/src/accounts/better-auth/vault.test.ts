import { describe, expect, test } from 'vitest';
import { Secret } from '../../keys/secret-format.ts';
import { createSecondFactorVault } from './vault.ts';

const vault = createSecondFactorVault(new Secret('what-signs-the-sessions-of-the-tests'));

describe('codes', () => {
  // RFC 6238, appendix B: the last six of its eight digits.
  const secret = '12345678901234567890';
  const vectors: [seconds: number, code: string][] = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ];

  test.each(vectors)('at %i s it is %s', async (seconds, code) => {
    expect(await vault.findStep(secret, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  test('one step earlier and one later are taken, no other', async () => {
    const [seconds, code] = [1_234_567_890, '005924'];
    const found = [-2, -1, 0, 1, 2].map((shift) =>
      vault.findStep(secret, code, (seconds + shift * 30) * 1000),
    );
    const step = seconds / 30;
    expect(await Promise.all(found)).toEqual([null, step, step, step, null]);
  });

  test('what is no code is none', async () => {
    for (const code of ['', '00592', '0059244', 'abcdef'])
      expect(await vault.findStep(secret, code, 1_234_567_890_000), code).toBeNull();
  });
});

test('an app is told issuer, account and secret, whatever characters they have', () => {
  const secret = vault.newSecret();
  const { uri, secret: base32 } = vault.present(secret, {
    issuer: 'A+B & Söhne',
    account: 'ada+x@example.com',
  });
  expect(uri).toMatch(/^otpauth:\/\/totp\/A%2BB%20%26%20S%C3%B6hne:ada%2Bx%40example\.com\?/);
  expect(uri).not.toMatch(/[+ ]/);
  const { searchParams } = new URL(uri);
  expect(Object.fromEntries(searchParams)).toEqual({
    secret: base32,
    issuer: 'A+B & Söhne',
    digits: '6',
    period: '30',
  });
  expect(base32).toMatch(/^[A-Z2-7]{52}$/);
  expect(vault.newSecret()).not.toBe(secret);
});

test('what is sealed opens under the same secret only, unchanged, and looks different each time', async () => {
  const sealed = await vault.seal('a lamp beside the sea');
  expect(sealed).not.toContain('lamp');
  expect(await vault.seal('a lamp beside the sea')).not.toBe(sealed);
  expect(await vault.open(sealed)).toBe('a lamp beside the sea');
  const other = createSecondFactorVault(new Secret('another-secret-that-has-32-characters'));
  await expect(other.open(sealed)).rejects.toThrow('KEYWRIGHT_SECRET');
  const last = sealed.at(-1) === '0' ? '1' : '0';
  await expect(vault.open(sealed.slice(0, -1) + last)).rejects.toThrow();
});
