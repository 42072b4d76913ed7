import { describe, expect, test } from 'vitest';
import type { BodyOf } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';

const rate = (name: string, limit = 10, windowSeconds = 60) => ({ name, limit, windowSeconds });
const quota = (limit: number, period: 'day' | 'month' | 'total' = 'day') => ({ limit, period });

onBothEngines((at) => {
  const get = (keyId: string) => at.admin.call('getKey', { params: { keyId } });
  const update = async (keyId: string, body: BodyOf<'updateKey'>) =>
    (await at.admin.call('updateKey', { params: { keyId }, body })).key;
  const create = async (body: BodyOf<'createKey'> = {}) =>
    (await at.createKey((await at.createProject()).id, body)).key;

  test('a key is made without limits unless it is told some', async () => {
    expect(await create()).toMatchObject({ rateLimits: [], quota: null });
    const body = { rateLimits: [rate('burst', 5, 1), rate('day', 1000, 86_400)], quota: quota(100, 'month') };
    const key = await create(body);
    expect(key).toMatchObject({ ...body, quota: { ...body.quota, used: 0 } });
    expect(await get(key.id)).toStrictEqual(key);
    const { items } = await at.admin.call('listKeys', { params: { projectId: key.projectId } });
    expect(items).toStrictEqual([key]);
  });

  describe('PATCH', () => {
    test('replaces rate limits as a whole and the quota as a whole; null and an empty list clear', async () => {
      const { id } = await create({ rateLimits: [rate('a'), rate('b')], quota: quota(5) });
      expect(await update(id, { rateLimits: [rate('c')] })).toMatchObject({
        rateLimits: [rate('c')],
        quota: quota(5),
      });
      expect(await update(id, { quota: quota(6, 'total') })).toMatchObject({
        rateLimits: [rate('c')],
        quota: { ...quota(6, 'total'), used: 0 },
      });
      expect(await update(id, { rateLimits: [], quota: null })).toMatchObject({
        rateLimits: [],
        quota: null,
      });
    });

    test('of what is there already leaves no row', async () => {
      const body = { rateLimits: [rate('a'), rate('b')], quota: quota(5) };
      const key = await create(body);
      const before = await at.ledgerHead();
      expect(await update(key.id, body)).toStrictEqual(key);
      expect(await at.ledgerHead()).toBe(before);
    });

    test.each<[string, object]>([
      ['quota.used', { quota: { ...quota(5), used: 0 } }],
      ['quota.limit', { quota: quota(0) }],
      ['quota.period', { quota: { limit: 5 } }],
      ['rateLimits', { rateLimits: null }],
      ['rateLimits', { rateLimits: [rate('a'), rate('a', 1)] }],
      ['rateLimits.0.name', { rateLimits: [rate('quota')] }],
      ['rateLimits.1.windowSeconds', { rateLimits: [rate('a'), rate('b', 1, 0)] }],
      ['rateLimits.0.remaining', { rateLimits: [{ ...rate('a'), remaining: 5 }] }],
    ])('and create: 400 that names %s', async (path, body) => {
      const key = await create();
      const problems = [
        await at.admin.refuse('updateKey', { params: { keyId: key.id }, body }),
        await at.admin.refuse('createKey', { params: { projectId: key.projectId }, body }),
      ];
      for (const problem of problems)
        expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
      expect(await get(key.id)).toStrictEqual(key);
    });
  });

  describe('a reset', () => {
    test('of a key without a quota changes nothing and leaves no row', async () => {
      const key = await create();
      const before = await at.ledgerHead();
      const answer = await at.admin.call('resetQuota', { params: { keyId: key.id } });
      expect(answer).toMatchObject({ key, propagation: { nodes: 1, acknowledged: 1 } });
      expect(await at.ledgerHead()).toBe(before);
    });

    test('of a revoked key: 409 key_revoked', async () => {
      const { id } = await create({ quota: quota(5) });
      await at.admin.call('revokeKey', { params: { keyId: id } });
      expect(await at.admin.refuse('resetQuota', { params: { keyId: id } })).toMatchObject({
        code: 'key_revoked',
      });
    });
  });
});
