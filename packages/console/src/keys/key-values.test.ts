import type { Key } from '@keywright/contract';
import { expect, test } from 'vitest';
import { setCatalogue } from '../text/catalogue.ts';
import en from '../text/en.json';
import { baseText } from '../text/text.tsx';
import { readPatch, toValues } from './key-values.ts';

const k: Key = {
  id: 'key_00000000000000000000000000',
  projectId: 'prj_00000000000000000000000000',
  channelId: null,
  ownerId: null,
  name: 'Production',
  description: null,
  format: 'token',
  display: 'kw_aB3d…x9Zk',
  publicId: null,
  status: 'active',
  scopes: ['orders:read'],
  metadata: { plan: 'pro' },
  rateLimits: [{ name: 'burst', limit: 10, windowSeconds: 60 }],
  quota: { limit: 100, period: 'day', used: 5 },
  ipAllow: [],
  expiresAt: '2030-01-01T10:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'acc_00000000000000000000000000',
  updatedAt: '2026-01-01T00:00:00.000Z',
  revokedAt: null,
  revokedReason: null,
  lastUsedAt: null,
  lastUsedIp: null,
  lastUsedAgent: null,
  rotation: null,
};
const before = toValues(k);

setCatalogue(en);

test('only what differs is sent', () => {
  expect(readPatch(baseText, before, before)).toStrictEqual({ patch: {} });
  expect(readPatch(baseText, before, { ...before, name: 'Prod', date: '', scopes: '' })).toStrictEqual({
    patch: { name: 'Prod', expiresAt: null, scopes: [] },
  });
  const quota = { period: 'none' as const, limit: '100' };
  expect(readPatch(baseText, before, { ...before, quota, metadata: '' })).toStrictEqual({
    patch: { quota: null, metadata: {} },
  });
});

test('what is wrong is said at its field, and nothing is sent', () => {
  const read = readPatch(baseText, before, {
    ...before,
    name: ' ',
    metadata: '{',
    ipAllow: '203.0.113.7 nonsense',
    rateLimits: [
      { name: 'burst', limit: 'many', windowSeconds: '0' },
      { name: 'no name', limit: '1', windowSeconds: '60' },
    ],
    quota: { period: 'month', limit: '' },
  });
  const faults = 'faults' in read ? read.faults : [];
  expect(Object.fromEntries(faults.map(({ field, message }) => [field, message]))).toMatchObject({
    name: 'Must not be empty.',
    'rateLimits.0.limit': 'Must be a whole number.',
    'rateLimits.0.windowSeconds': 'Must be at least 1.',
    'quota.limit': 'Must be a whole number.',
  });
  expect(faults.map(({ field }) => field).sort()).toStrictEqual([
    'ipAllow',
    'metadata',
    'name',
    'quota.limit',
    'rateLimits.0.limit',
    'rateLimits.0.windowSeconds',
    'rateLimits.1.name',
  ]);
});
