import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forwardHeaders, returnHeaders } from './forwarded-headers.ts';

const facts = {
  identity: {
    'X-Keywright-Key-Id': 'key_1',
    'X-Keywright-Owner-Id': '-',
    'X-Keywright-Project-Id': 'prj_1',
    'X-Keywright-Channel': 'orders',
    'X-Keywright-Scopes': '-',
  },
  requestId: 'req_1',
  forwardedFor: '203.0.113.7',
  proto: 'https' as const,
  host: 'api.example.com',
  prefix: '/orders',
};
const forward = (raw: string[]) => forwardHeaders(raw, ['bearer', 'x_api_key', 'pair', 'basic'], facts);
const own = forward([]);

test('who asks and how it came is said once, by the gateway', () => {
  expect(own.filter((_, i) => i % 2 === 0)).toEqual([
    ...Object.keys(facts.identity),
    'X-Request-Id',
    'X-Forwarded-For',
    'X-Forwarded-Proto',
    'X-Forwarded-Host',
    'X-Forwarded-Prefix',
  ]);
});

test('other headers go on as they came, also twice', () => {
  const raw = ['Accept', 'a', 'Cookie', 'x=1', 'Cookie', 'y=2', 'X_Custom', 'é'];
  expect(forward(raw)).toEqual([...raw, ...own]);
});

test('the key goes no further, by whichever of its headers', () => {
  expect(
    forward(['authorization', 'Bearer k', 'X-API-KEY', 'k', 'X_Key_Id', 'i', 'x-key-secret', 's']),
  ).toEqual(own);
  expect(forwardHeaders(['Authorization', 'Bearer theirs', 'X-API-Key', 'k'], ['x_api_key'], facts)).toEqual([
    'Authorization',
    'Bearer theirs',
    ...own,
  ]);
});

test('whatever a client sends, no header that the upstream could take for the gateway’s is the client’s', () => {
  const name = fc.oneof(
    fc
      .constantFrom(
        ...own.filter((_, i) => i % 2 === 0),
        'X-Keywright-New',
        'Authorization',
        'Transfer-Encoding',
      )
      .chain((text) =>
        fc
          .tuple(fc.constant(text), fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }))
          .map(([t, up]) =>
            [...t]
              .map((c, i) => (c === '-' && up[i] ? '_' : up[i] ? c.toUpperCase() : c.toLowerCase()))
              .join(''),
          ),
      ),
    fc.constant('Connection'),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, fc.constantFrom('evil', 'X-Keywright-Key-Id, x-forwarded-for'))),
      (pairs) => {
        expect(forward(pairs.flat())).toEqual(own);
      },
    ),
  );
});

test('what a client calls a matter of its connection is dropped, but not what says how to read the body', () => {
  const raw = [
    'X-Hop',
    '1',
    'Content-Length',
    '5',
    'Content-Type',
    'a/b',
    'Connection',
    'x-hop, Content-Length,content-type',
  ];
  expect(forward(raw)).toEqual(['Content-Length', '5', 'Content-Type', 'a/b', ...own]);
});

test('a response comes back without its connection’s headers and with the gateway’s own in place of its', () => {
  const raw = [
    'Set-Cookie',
    'a',
    'Set-Cookie',
    'b',
    'Keep-Alive',
    'x',
    'Connection',
    'close, X-Hop',
    'X-Hop',
    '1',
    'ratelimit',
    'theirs',
  ];
  expect(
    returnHeaders(
      raw.map((text) => Buffer.from(text)),
      { RateLimit: 'ours', 'X-Request-Id': 'r' },
    ),
  ).toEqual([...['Set-Cookie', 'a', 'Set-Cookie', 'b'], ...['RateLimit', 'ours', 'X-Request-Id', 'r']]);
});

const consoleCookies = [
  'keywright_session=s',
  '__Host-keywright_session=s',
  '__Secure-keywright_x=s',
  'Keywright_pending=s',
  '=keywright_session=s',
  ' = keywright_session=s',
];

test.each(consoleCookies)('the console’s cookies are not for the API behind: %s', (cookie) => {
  expect(forward(['Cookie', `a=1; ${cookie}; b=2`, 'cookie', cookie, 'Cookie', ''])).toEqual([
    'Cookie',
    'a=1; b=2',
    'Cookie',
    '',
    ...own,
  ]);
});

test.each(consoleCookies)('nor does it set them: %s', (cookie) => {
  const raw = ['Set-Cookie', 'a=keywright_session', 'set-cookie', `${cookie}; Path=/`].map((text) =>
    Buffer.from(text),
  );
  expect(returnHeaders(raw, {})).toEqual(['Set-Cookie', 'a=keywright_session']);
});

test('a cookie that only sounds like the console’s goes on', () => {
  const raw = ['Cookie', 'my_keywright_session=1; keywright=2; x=keywright_session'];
  expect(forward(raw)).toEqual([...raw, ...own]);
});
