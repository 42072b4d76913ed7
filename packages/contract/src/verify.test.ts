import { describe, expect, test } from 'vitest';
import { verifyAnswer, verifyBatchBody, verifyBody, verifyCodes } from './verify.ts';

test('the codes stand in the order in which they are decided', () => {
  expect(verifyCodes).toEqual([
    'malformed',
    'not_found',
    'revoked',
    'inactive',
    'expired',
    'wrong_channel',
    'ip_denied',
    'insufficient_scope',
    'rate_limited',
    'quota_exceeded',
  ]);
});

describe('the question', () => {
  test.each([
    { key: 'k' },
    { key: '' },
    { publicId: 'p', secret: 's' },
    { publicId: '', secret: '' },
    { key: 'k', channel: 'orders', scopes: ['a'], ip: '::1', userAgent: 'curl', cost: 0 },
    { key: 'k', cost: 1_000_000 },
    { key: 'k', scopes: [] },
    { key: 'x'.repeat(1_000_000) },
    { key: '\ud800\0' },
  ])('%#', (body) => {
    expect(verifyBody.parse(body)).toEqual(body);
  });

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['half a pair', { publicId: 'p' }],
    ['the other half', { secret: 's' }],
    ['a token and a pair', { key: 'k', publicId: 'p', secret: 's' }],
    ['a token and a public id', { key: 'k', publicId: 'p' }],
    ['a token and a secret', { key: 'k', secret: 's' }],
    ['a token that is null', { key: null }],
    ['a token that is null, and a pair', { key: null, publicId: 'p', secret: 's' }],
    ['a list', { key: ['k'] }],
    ['an object', { key: { $ne: '' } }],
    ['a number', { key: 1 }],
    ['true', { key: true }],
    ['a pair of lists', { publicId: ['p'], secret: ['s'] }],
    ['no object', 'k'],
    ['a list of questions', [{ key: 'k' }]],
    ['null', null],
    ['an unknown field', { key: 'k', token: 'k' }],
    ['a field in another case', { Key: 'k' }],
    ['a project', { key: 'k', projectId: 'prj_1' }],
    ['a time', { key: 'k', now: 0 }],
    ['__proto__', JSON.parse('{"key":"k","__proto__":{"ip":"::1"}}')],
    ['a channel that is empty', { key: 'k', channel: '' }],
    ['a channel that is null', { key: 'k', channel: null }],
    ['a channel with a NUL', { key: 'k', channel: 'a\0' }],
    ['a channel that is long', { key: 'k', channel: 'a'.repeat(201) }],
    ['a scope as text', { key: 'k', scopes: 'a' }],
    ['a scope that is none', { key: 'k', scopes: ['A'] }],
    ['an address that is none', { key: 'k', ip: '1.2.3' }],
    ['a range as an address', { key: 'k', ip: '10.0.0.0/8' }],
    ['an address that is empty', { key: 'k', ip: '' }],
    ['a user agent that is long', { key: 'k', userAgent: 'x'.repeat(16_385) }],
    ['a cost below nothing', { key: 'k', cost: -1 }],
    ['a cost that is a fraction', { key: 'k', cost: 0.5 }],
    ['a cost that is too high', { key: 'k', cost: 1_000_001 }],
    ['a cost beyond all numbers', { key: 'k', cost: JSON.parse('1e400') }],
    ['a cost as text', { key: 'k', cost: '1' }],
  ])('is refused with %s', (_, body) => {
    expect(verifyBody.safeParse(body).success).toBe(false);
  });
});

test('a batch has 1 to 100 questions', () => {
  const requests = (count: number) => ({ requests: Array.from({ length: count }, () => ({ key: 'k' })) });
  expect(verifyBatchBody.parse(requests(1))).toEqual(requests(1));
  expect(verifyBatchBody.parse(requests(100))).toEqual(requests(100));
  for (const wrong of [
    requests(0),
    requests(101),
    {},
    [],
    { requests: {} },
    { requests: [{}] },
    { ...requests(1), x: 1 },
  ]) {
    expect(verifyBatchBody.safeParse(wrong).success).toBe(false);
  }
});

test('an answer that says valid shows a key, and none says valid with another code', () => {
  const key = {
    id: 'key_1',
    name: 'Key 1',
    projectId: 'prj_1',
    channelId: null,
    ownerId: null,
    scopes: [],
    metadata: {},
    expiresAt: null,
  };
  const valid = { valid: true, code: 'valid', key, limits: [], requestId: 'r' };
  expect(verifyAnswer.parse(valid)).toEqual(valid);
  expect(verifyAnswer.safeParse({ valid: true, code: 'valid', limits: [], requestId: 'r' }).success).toBe(
    false,
  );
  expect(verifyAnswer.safeParse({ ...valid, code: 'revoked' }).success).toBe(false);
  expect(verifyAnswer.safeParse({ ...valid, valid: false }).success).toBe(false);
  const refused = { valid: false, code: 'revoked', requestId: 'r' };
  expect(verifyAnswer.parse({ ...refused, key })).toEqual({ ...refused, key });
  expect(verifyAnswer.parse(refused)).toEqual(refused);
});
