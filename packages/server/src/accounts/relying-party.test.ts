import { describe, expect, test } from 'vitest';
import { findRelyingParty, passkeysAt } from './relying-party.ts';

const listening = 'http://127.0.0.1:8787';

describe('where passkeys work', () => {
  test.each([
    ['https://keys.example.com', 'keys.example.com', 'https://keys.example.com'],
    ['https://keys.example.com:8443/keywright', 'keys.example.com', 'https://keys.example.com:8443'],
    ['http://localhost:8787', 'localhost', 'http://localhost:8787'],
    ['http://keys.localhost', 'keys.localhost', 'http://keys.localhost'],
  ])('at %s', (publicUrl, id, origin) => {
    expect(findRelyingParty(publicUrl, listening)).toEqual({ relyingParty: { id, origin } });
  });

  test.each([
    ['https://127.0.0.1', 'address of digits'],
    ['https://[2001:db8::1]', 'address of digits'],
    ['http://keys.example.com', 'https'],
    ['http://notlocalhost', 'https'],
  ])('not at %s', (publicUrl, reason) => {
    expect(findRelyingParty(publicUrl, listening)).toEqual({ reason: expect.stringContaining(reason) });
  });

  test.each(['http://127.0.0.1:8787', 'http://[::1]:8787', 'http://0.0.0.0:8787', 'http://[::]:8787'])(
    'without a public address, on a server at %s, by the name of the machine itself',
    (url) => {
      const relyingParty = { id: 'localhost', origin: 'http://localhost:8787' };
      expect(findRelyingParty(null, url)).toEqual({ relyingParty });
    },
  );

  test('not without a public address on a server that listens on a network', () => {
    for (const url of ['http://10.0.0.5:8787', 'http://[2001:db8::1]:8787'])
      expect(findRelyingParty(null, url)).toEqual({
        reason: expect.stringContaining('KEYWRIGHT_PUBLIC_URL'),
      });
  });
});

test('a page of another origin is told where they work', () => {
  const passkeys = findRelyingParty(null, listening);
  expect(passkeysAt(passkeys, 'http://localhost:8787')).toEqual(passkeys);
  for (const origin of ['http://127.0.0.1:8787', 'http://[::1]:8787'])
    expect(passkeysAt(passkeys, origin)).toEqual({
      reason: expect.stringContaining('http://localhost:8787'),
    });
  for (const origin of ['https://keys.example.com', 'http://localhost:9999', 'http://'])
    expect(passkeysAt(passkeys, origin)).toEqual({
      reason: expect.stringContaining('KEYWRIGHT_PUBLIC_URL'),
    });
  const none = { reason: 'none' };
  expect(passkeysAt(none, 'http://localhost:8787')).toBe(none);
});
