import { expect, test } from 'vitest';
import { plainRecord } from '../testing/plain-record.ts';

const dayMs = 86_400_000;
const lastMoment = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

test.each([null, 0, 1, -1, dayMs - 1, dayMs, dayMs + 1, 1_795_867_200_123, lastMoment, 8.64e15])(
  'a key that expires at %s is kept so, and tells it',
  (expiresAt) => {
    const record = plainRecord('a', { expiresAt });
    expect(record.expiresAt).toBe(expiresAt);
    const iso = expiresAt === null ? null : new Date(expiresAt).toISOString();
    expect(JSON.parse(record.json)).toMatchObject({ expiresAt: iso });
  },
);
