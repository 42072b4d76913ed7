import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createAccess } from './access.ts';

const trustedProxies = ['10.0.0.0/8', '2001:db8::/32'];

function request(remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage {
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

describe('the address of a client', () => {
  const { addressOf } = createAccess({ trustedProxies, publicUrl: null });

  test.each([
    ['its own, without a proxy', '192.0.2.1', undefined, '192.0.2.1'],
    ['its own, whatever it says', '192.0.2.1', '203.0.113.9', '192.0.2.1'],
    ['what a trusted proxy says', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    [
      'what the last trusted proxy saw, not what came to it',
      '10.0.0.1',
      '1.2.3.4, 203.0.113.9',
      '203.0.113.9',
    ],
    [
      'the first beyond all trusted proxies',
      '10.0.0.1',
      '1.2.3.4, 203.0.113.9, 10.0.0.2, 10.9.9.9',
      '203.0.113.9',
    ],
    ['of a trusted IPv6 proxy', '2001:db8::7', '2001:DB9:0::1', '2001:db9::1'],
    ['of a proxy that connects by IPv4-mapped IPv6', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['the proxy, when it says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['the proxy, when it says nonsense', '10.0.0.1', '1.2.3.4, unknown', '10.0.0.1'],
    ['the first of the chain, when all are trusted', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ])('is %s', (_, peer, forwarded, expected) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    expect(addressOf(request(peer, headers))).toBe(expected);
  });
});

describe('the client in a list of hops', () => {
  const { clientOf } = createAccess({ trustedProxies, publicUrl: null });

  test.each([
    ['the only one', '203.0.113.9', '203.0.113.9'],
    ['the last that is no trusted proxy', '1.2.3.4, 203.0.113.9', '203.0.113.9'],
    ['the one before all trusted proxies', '1.2.3.4, 203.0.113.9, 10.0.0.2,10.9.9.9', '203.0.113.9'],
    ['the first, when all are trusted', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['written in one way', ' ::FFFF:203.0.113.9 ', '203.0.113.9'],
    ['of IPv6', '2001:DB9:0::1, 2001:db8::1', '2001:db9::1'],
    ['nobody, when there is nothing', '', null],
    ['nobody, when the last is no address', '203.0.113.9, unknown', null],
    ['nobody, when the last is an address with a port', '203.0.113.9:8080', null],
    ['nobody, when the last is empty', '203.0.113.9,', null],
    ['a trusted proxy, when before it is no address', '1.2.3.4, x, 10.0.0.1', '10.0.0.1'],
  ])('is %s: %s', (_, hops, expected) => {
    expect(clientOf(hops)).toBe(expected);
  });
});

describe('https', () => {
  const https = { 'x-forwarded-proto': 'https' };
  test.each([
    ['a public address that says so', 'https://keys.example.com', '192.0.2.1', {}, true],
    ['a trusted proxy that says so', null, '10.0.0.1', https, true],
    ['anybody else who says so', null, '192.0.2.1', https, false],
    ['a trusted proxy that says http', null, '10.0.0.1', { 'x-forwarded-proto': 'http' }, false],
    ['nobody', 'http://keys.example.com', '10.0.0.1', {}, false],
  ])('by %s', (_, publicUrl, peer, headers, expected) => {
    expect(createAccess({ trustedProxies, publicUrl }).isSecure(request(peer, headers))).toBe(expected);
  });
});

describe('an origin is our own', () => {
  const host = { host: 'keys.example.com:8787' };
  test.each([
    ['https://keys.example.com', 'https://keys.example.com/console', {}, true],
    ['http://keys.example.com', 'https://keys.example.com', { host: 'keys.example.com' }, false],
    ['https://keys.example.com:8787', 'https://keys.example.com', host, false],
    ['https://evil.example', 'https://keys.example.com', { host: 'evil.example' }, false],
    ['http://keys.example.com:8787', null, host, true],
    ['https://keys.example.com:8787', null, host, true],
    ['http://keys.example.com', null, host, false],
    ['http://evil.example:8787', null, host, false],
    ['null', null, host, false],
    ['', null, host, false],
    ['http://keys.example.com:8787', null, { ...host, 'x-forwarded-proto': 'https' }, false],
    ['http://undefined', null, {}, false],
  ])('%s at %s: %o', (origin, publicUrl, headers, expected) => {
    const { isOwnOrigin } = createAccess({ trustedProxies, publicUrl });
    expect(isOwnOrigin(request('10.0.0.1', headers), origin)).toBe(expected);
  });
});
