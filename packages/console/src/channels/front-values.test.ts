import { expect, test } from 'vitest';
import { isGood, writeCurl } from './front-values.ts';

test.each(['127.0.0.1:9000', 'api.internal:80', 'my_api:65535', '[::1]:9000'])(
  '%s is an address',
  (typed) => {
    expect(isGood('upstream', typed)).toBe(true);
  },
);

test.each([
  '',
  'api',
  'api:',
  'api:0',
  'api:65536',
  ':80',
  'http://api:80',
  'a b:80',
  'a;b:80',
  '{a}:80',
  'a\nb:80',
])('%j is none', (typed) => {
  expect(isGood('keywright', typed)).toBe(false);
});

test('a port is a number from 1 to 65535', () => {
  expect(['1', '8080', '65535'].every((typed) => isGood('listen', typed))).toBe(true);
  expect(['', '0', '65536', '80a', 'a:80', '-1'].some((typed) => isGood('listen', typed))).toBe(false);
});

test('a line to try it carries a key in the way that the channel names first', () => {
  expect(writeCurl('http://a/', ['x_api_key', 'bearer'])).toBe(
    'curl -i http://a/ \\\n  -H "X-API-Key: $API_KEY"',
  );
  expect(writeCurl('http://a/', ['pair'])).toBe(
    'curl -i http://a/ \\\n  -H "X-Key-Id: $API_KEY_ID" \\\n  -H "X-Key-Secret: $API_KEY_SECRET"',
  );
});
