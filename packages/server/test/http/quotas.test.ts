import type { QuotaInput } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import type { BodyOf } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';
import { until } from '../support/waiting.ts';

const total = (limit: number): QuotaInput => ({ limit, period: 'total' });

onBothEngines((at) => {
  const verify = (body: BodyOf<'verify'>) => at.admin.call('verify', { body });
  const codeOf = async (key: string, cost = 1) => (await verify({ key, cost })).code;
  const create = async (quota: QuotaInput, body: BodyOf<'createKey'> = {}) =>
    at.createKey((await at.createProject()).id, { quota, ...body });
  const usedOf = async (keyId: string) => (await at.admin.call('getKey', { params: { keyId } })).quota?.used;
  const update = async (keyId: string, body: BodyOf<'updateKey'>) =>
    (await at.admin.call('updateKey', { params: { keyId }, body })).key;
  const reset = async (keyId: string) => (await at.admin.call('resetQuota', { params: { keyId } })).key;

  test('of 100 at once on a quota of 25 exactly 25 pass', async () => {
    const { key, secret } = await create(total(25));
    const answers = await Promise.all(Array.from({ length: 100 }, () => codeOf(secret)));
    expect(answers.filter((code) => code === 'valid')).toHaveLength(25);
    expect(answers.filter((code) => code === 'quota_exceeded')).toHaveLength(75);
    expect(await usedOf(key.id)).toBe(25);
  });

  test('of costs that come as they like as much passes as fits', async () => {
    for (const limit of [40, 400]) {
      const { key, secret } = await create(total(limit));
      let spent = 0;
      const refused: number[] = [];
      const ask = async () => {
        const cost = Math.floor(Math.random() * 13);
        if ((await codeOf(secret, cost)) === 'valid') spent += cost;
        else refused.push(cost);
      };
      for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 30 }, ask));
      expect(spent).toBeLessThanOrEqual(limit);
      for (const cost of refused) expect(spent + cost).toBeGreaterThan(limit);
      expect(await usedOf(key.id)).toBe(spent);
    }
  });

  test('a batch is charged request by request, in its order', async () => {
    const { secret } = await create(total(10));
    const requests = [4, 4, 4, 2, 1, 0].map((cost) => ({ key: secret, cost }));
    const { results } = await at.admin.call('verifyBatch', { body: { requests } });
    expect(results.map(({ code }) => code)).toEqual([
      ...['valid', 'valid', 'quota_exceeded', 'valid', 'quota_exceeded', 'valid'],
    ]);
  });

  test('the answer tells of it beside the rate limits', async () => {
    const { secret } = await create(total(5), {
      rateLimits: [{ name: 'hour', limit: 9, windowSeconds: 3600 }],
    });
    const limits = (hour: number, quota: number) => [
      { name: 'hour', limit: 9, remaining: hour, resetSeconds: expect.any(Number) },
      { name: 'quota', limit: 5, remaining: quota, resetSeconds: null },
    ];
    expect(await verify({ key: secret, cost: 2 })).toMatchObject({ valid: true, limits: limits(7, 3) });
    expect(await verify({ key: secret, cost: 4 })).toMatchObject({
      code: 'quota_exceeded',
      limits: limits(7, 3),
      retryAfterSeconds: null,
    });
    expect(await verify({ key: secret, cost: 3 })).toMatchObject({ valid: true, limits: limits(4, 0) });
    expect(await codeOf(secret, 5)).toBe('rate_limited');
  });

  test.each(['day', 'month'] as const)('that of a %s says when the next one begins', async (period) => {
    const { secret } = await create({ limit: 1, period });
    const now = new Date();
    const end = Date.UTC(
      now.getUTCFullYear(),
      now.getUTCMonth() + (period === 'month' ? 1 : 0),
      period === 'month' ? 1 : now.getUTCDate() + 1,
    );
    const seconds = (end - now.getTime()) / 1000;
    const around = (value: unknown) => Math.abs(Number(value) - seconds) < 5;
    const accepted = await verify({ key: secret });
    expect(accepted.valid && around(accepted.limits[0]?.resetSeconds)).toBe(true);
    const refused = await verify({ key: secret });
    expect(refused.code).toBe('quota_exceeded');
    expect(!refused.valid && around(refused.retryAfterSeconds)).toBe(true);
  });

  test('what is used is told truly while it is spent', async () => {
    const { key, secret } = await create(total(10_000));
    for (let i = 1; i <= 30; i++) {
      await codeOf(secret);
      expect(await usedOf(key.id)).toBe(i);
    }
    const { items } = await at.admin.call('listKeys', { params: { projectId: key.projectId } });
    expect(items[0]?.quota).toEqual({ ...total(10_000), used: 30 });
  });

  describe('a reset', () => {
    test('lets the period begin anew, and tells the ledger what was used', async () => {
      const { key, secret } = await create(total(3));
      for (const code of ['valid', 'valid', 'valid', 'quota_exceeded'])
        expect(await codeOf(secret)).toBe(code);
      const head = await at.ledgerHead();
      expect((await reset(key.id)).quota).toEqual({ ...total(3), used: 0 });
      expect(await at.ledgerSince(head)).toMatchObject([
        { action: 'key.quota_reset', subject: { id: key.id }, detail: { quota: total(3), used: 3 } },
      ]);
      for (const code of ['valid', 'valid', 'valid', 'quota_exceeded'])
        expect(await codeOf(secret)).toBe(code);
    });

    test('against verifications in flight: what begins after it was answered finds the whole quota', async () => {
      const { key, secret } = await create(total(2000));
      let isOver = false;
      const crowd = Array.from({ length: 8 }, async () => {
        while (!isOver) await codeOf(secret);
      });
      for (let round = 0; round < 10; round++) {
        const { used } = (await reset(key.id)).quota ?? {};
        expect(used).toBe(0);
      }
      isOver = true;
      await Promise.all(crowd);
      await reset(key.id);
      expect(await codeOf(secret, 2000)).toBe('valid');
      expect(await codeOf(secret)).toBe('quota_exceeded');
      expect(await usedOf(key.id)).toBe(2000);
    });
  });

  describe('PATCH', () => {
    test('of the limit counts on, and holds from the next verification on', async () => {
      const { key, secret } = await create(total(1000));
      for (let i = 0; i < 15; i++) await codeOf(secret);
      expect((await update(key.id, { quota: total(15) })).quota).toEqual({ ...total(15), used: 15 });
      expect(await codeOf(secret)).toBe('quota_exceeded');
      await update(key.id, { quota: total(17) });
      expect([await codeOf(secret, 3), await codeOf(secret, 2)]).toEqual(['quota_exceeded', 'valid']);
      expect((await update(key.id, { quota: total(5) })).quota).toEqual({ ...total(5), used: 17 });
      expect(await codeOf(secret)).toBe('quota_exceeded');
    });

    test('to a lower limit while it is spent: from then on nothing passes that is beyond it', async () => {
      const { key, secret } = await create(total(100_000));
      let [spent, isLowered, isOver] = [0, false, false];
      const crowd = Array.from({ length: 8 }, async () => {
        while (!isOver) {
          const beganAfter = isLowered;
          const code = await codeOf(secret);
          if (code === 'valid') spent++;
          if (beganAfter) expect(code).toBe('quota_exceeded');
        }
      });
      await until(() => spent > 100, 'a hundred passed');
      await update(key.id, { quota: total(50) });
      isLowered = true;
      await until(async () => (await codeOf(secret)) === 'quota_exceeded', 'it is refused');
      isOver = true;
      await Promise.all(crowd);
      expect(await usedOf(key.id)).toBe(spent);
    });

    test('of the period counts from nothing; null lets all pass, and what comes after null begins anew', async () => {
      const { key, secret } = await create(total(2));
      expect([await codeOf(secret, 2), await codeOf(secret)]).toEqual(['valid', 'quota_exceeded']);
      expect((await update(key.id, { quota: { limit: 2, period: 'month' } })).quota?.used).toBe(0);
      expect([await codeOf(secret, 2), await codeOf(secret)]).toEqual(['valid', 'quota_exceeded']);
      await update(key.id, { quota: null });
      expect(await verify({ key: secret, cost: 50 })).toMatchObject({ valid: true, limits: [] });
      expect((await update(key.id, { quota: { limit: 2, period: 'month' } })).quota?.used).toBe(0);
      expect([await codeOf(secret, 2), await codeOf(secret)]).toEqual(['valid', 'quota_exceeded']);
    });

    test('of something else leaves it as it is', async () => {
      const { key, secret } = await create(total(1000));
      for (let i = 0; i < 10; i++) await codeOf(secret);
      expect((await update(key.id, { name: 'Other' })).quota?.used).toBe(10);
      await codeOf(secret);
      const { secret: next } = await at.admin.call('rotateKey', { params: { keyId: key.id } });
      await codeOf(next);
      expect(await usedOf(key.id)).toBe(12);
    });
  });

  test('a key that was revoked or switched off says so, whatever is left', async () => {
    const { key, secret } = await create(total(1));
    await at.admin.call('deactivateKey', { params: { keyId: key.id } });
    expect(await codeOf(secret)).toBe('inactive');
    await at.admin.call('activateKey', { params: { keyId: key.id } });
    expect([await codeOf(secret), await codeOf(secret)]).toEqual(['valid', 'quota_exceeded']);
    await at.admin.call('revokeKey', { params: { keyId: key.id } });
    expect(await codeOf(secret)).toBe('revoked');
    expect(await usedOf(key.id)).toBe(1);
  });
});
