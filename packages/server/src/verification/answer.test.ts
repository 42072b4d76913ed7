import { verifyAnswer, verifyCodes } from '@keywright/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashSecret } from '../keys/secret-format.ts';
import { writeAnswer } from './answer.ts';
import { VerificationRecord } from './verification-record.ts';
import type { LoadedKey } from './verification-store.ts';

const loaded: LoadedKey = {
  hash: hashSecret('secret'),
  retiresAt: null,
  id: 'key_1',
  projectId: 'prj_1',
  channelId: null,
  ownerId: null,
  name: 'Key 1',
  format: 'pair',
  publicId: 'kw_pk_1',
  status: 'active',
  scopes: ['orders:read'],
  metadata: { plan: 'gold' },
  rateLimits: [],
  quota: null,
  ipAllow: ['10.0.0.0/8'],
  expiresAt: Date.UTC(2027, 0, 31, 12),
};
const unlimited = { limits: [], retryAfterSeconds: null };
const shown = {
  id: 'key_1',
  name: 'Key 1',
  projectId: 'prj_1',
  channelId: null,
  ownerId: null,
  scopes: ['orders:read'],
  metadata: { plan: 'gold' },
  expiresAt: '2027-01-31T12:00:00.000Z',
};

test('an accepted request shows its key and limits', () => {
  const text = writeAnswer(
    { code: 'valid', key: new VerificationRecord(loaded, null, null), ...unlimited },
    'req-1',
  );
  expect(JSON.parse(text)).toEqual({
    valid: true,
    code: 'valid',
    key: shown,
    limits: [],
    requestId: 'req-1',
  });
});

test('a refused request shows the key that it was refused for', () => {
  const text = writeAnswer(
    { code: 'revoked', key: new VerificationRecord(loaded, null, null), ...unlimited },
    'req-1',
  );
  expect(JSON.parse(text)).toEqual({ valid: false, code: 'revoked', key: shown, requestId: 'req-1' });
});

test.each(['malformed', 'not_found'] as const)('%s shows nothing', (code) => {
  expect(JSON.parse(writeAnswer({ code, key: null, ...unlimited }, 'req-1'))).toEqual({
    valid: false,
    code,
    requestId: 'req-1',
  });
});

test('no answer says valid without a key', () => {
  expect(JSON.parse(writeAnswer({ code: 'valid', key: null, ...unlimited }, 'req-1')).valid).toBe(false);
});

test('every answer is what the contract says, whatever is in a key', () => {
  const text = fc.string({ unit: 'grapheme' });
  // The one name that the contract lets no metadata have.
  const name = text.filter((value) => value !== '__proto__');
  const key = fc.record({
    name: text,
    ownerId: fc.option(text),
    metadata: fc.dictionary(name, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))),
    expiresAt: fc.option(fc.nat(253_402_300_799_999)),
  });
  const limit = fc.record({
    name: fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/),
    limit: fc.integer({ min: 1 }),
    remaining: fc.nat(),
    resetSeconds: fc.option(fc.nat()),
  });
  const standing = fc.record({
    limits: fc.array(limit, { maxLength: 6 }),
    retryAfterSeconds: fc.option(fc.nat()),
  });
  fc.assert(
    fc.property(key, fc.constantFrom('valid' as const, ...verifyCodes), standing, (given, code, limited) => {
      const record = new VerificationRecord({ ...loaded, ...given }, null, null);
      const answer: unknown = JSON.parse(writeAnswer({ code, key: record, ...limited }, 'a.b-c_1'));
      expect(verifyAnswer.parse(answer)).toEqual(answer);
      expect(answer).toMatchObject({ code, valid: code === 'valid', requestId: 'a.b-c_1' });
      expect(answer).toMatchObject({ key: { name: given.name, ownerId: given.ownerId } });
      if (code === 'valid') expect(answer).toMatchObject({ limits: limited.limits });
      const isLimited = code === 'rate_limited' || code === 'quota_exceeded';
      if (isLimited) expect(answer).toMatchObject(limited);
      else expect(answer).not.toHaveProperty('retryAfterSeconds');
    }),
  );
});
