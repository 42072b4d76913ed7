import { expect, test } from 'vitest';
import { censorFields, censorText } from './censor.ts';
import { generateSecret, Secret } from './keys/secret-format.ts';

const token = generateSecret('kw').reveal();

test.each([
  ['alone', token, '[secret]'],
  ['in a sentence', `the key ${token} is bad`, 'the key [secret] is bad'],
  ['in an address', `/v1/keys?key=${token}&x=1`, '/v1/keys?key=[secret]&x=1'],
  ['twice, one right after the other', token + token, '[secret][secret]'],
  ['right after an escape of JSON', JSON.stringify(`\n${token}`), '"\\n[secret]"'],
  ['behind what looks like a prefix', `a_${token}_b`, 'a_[secret]_b'],
  ['with the longest prefix, in a run', `x${generateSecret('longprefix').reveal()}`, 'x[secret]'],
  ['right before other characters', `${token}0a`, '[secret]0a'],
])('a secret is taken out of a text: %s', (_, text, censored) => {
  expect(censorText(text)).toBe(censored);
});

test('credentials are taken out of headers and addresses', () => {
  expect(censorText('authorization: Bearer 0123456789abcdef0123')).toBe('authorization: Bearer [secret]');
  expect(censorText('Basic dXNlcjpwYXNzd29yZA==')).toBe('Basic [secret]');
  expect(censorText('postgres://kw:hunter2@db:5432/kw')).toBe('postgres://kw:[secret]@db:5432/kw');
});

test('what is no secret stays', () => {
  const text = `Bearer of news, https://example.com:8787/a@b, ${'a'.repeat(64)} ${token.slice(0, 63)}`;
  expect(censorText(text)).toBe(text);
});

test('fields that are named like secrets are blotted out at any depth and in any spelling', () => {
  const fields = {
    key: 'a',
    req: { headers: { Authorization: 'b', 'x-api-key': 'c', 'set-cookie': ['d'], host: 'h' } },
    list: [{ newSecret: 'e' }, { deep: { deeper: { access_token: 'f' } } }],
    keyId: 'key_1',
    secret: null,
  };
  expect(censorFields(fields)).toEqual({
    key: '[secret]',
    req: {
      headers: { Authorization: '[secret]', 'x-api-key': '[secret]', 'set-cookie': '[secret]', host: 'h' },
    },
    list: [{ newSecret: '[secret]' }, { deep: { deeper: { access_token: '[secret]' } } }],
    keyId: 'key_1',
    secret: null,
  });
  expect(fields.key).toBe('a');
});

test('instances keep their own form, and circles end', () => {
  const error = new Error('x');
  const wrapped = new Secret(token);
  const circle: Record<string, unknown> = {};
  circle.again = circle;
  expect(censorFields({ err: error, at: wrapped })).toEqual({ err: error, at: wrapped });
  expect(JSON.stringify(censorFields(circle))).toContain('[too deep]');
});
