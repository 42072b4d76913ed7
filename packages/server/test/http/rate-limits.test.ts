import { type RateLimit, verifyCodes } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import type { BodyOf } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';

const rate = (name: string, limit: number, windowSeconds = 3600): RateLimit => ({
  name,
  limit,
  windowSeconds,
});

onBothEngines((at) => {
  const verify = (body: BodyOf<'verify'>) => at.admin.call('verify', { body });
  const create = async (rateLimits: RateLimit[], body: BodyOf<'createKey'> = {}) =>
    at.createKey((await at.createProject()).id, { rateLimits, ...body });
  const countCodes = async (answers: Promise<{ code: string }>[]) => {
    const codes = (await Promise.all(answers)).map(({ code }) => code);
    return Object.fromEntries(
      [...new Set(codes)].map((code) => [code, codes.filter((c) => c === code).length]),
    );
  };

  test('a valid answer tells what is left, a refused one when to ask again', async () => {
    const { secret } = await create([rate('hour', 3), rate('day', 5, 86_400)]);
    expect(await verify({ key: secret, cost: 2 })).toMatchObject({
      valid: true,
      limits: [
        { name: 'hour', limit: 3, remaining: 1, resetSeconds: 3600 },
        { name: 'day', limit: 5, remaining: 3, resetSeconds: 86_400 },
      ],
    });
    const refused = await verify({ key: secret, cost: 2 });
    expect(refused).toMatchObject({
      valid: false,
      code: 'rate_limited',
      limits: [
        { name: 'hour', remaining: 1 },
        { name: 'day', remaining: 3 },
      ],
    });
    expect(refused).toHaveProperty('retryAfterSeconds', expect.toBeOneOf([3599, 3600]));
    expect(await verify({ key: secret, cost: 4 })).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: null,
    });
    expect(await verify({ key: secret })).toMatchObject({ valid: true, limits: [{ remaining: 0 }, {}] });
    expect(await verify({ key: secret, cost: 0 })).toMatchObject({
      valid: true,
      limits: [{ remaining: 0 }, {}],
    });
  });

  test('of 100 at once exactly as many pass as there is room for, one by one and in batches', async () => {
    const [one, two] = [await create([rate('a', 25)]), await create([rate('a', 25)])];
    const single = Array.from({ length: 100 }, () => verify({ key: one.secret }));
    expect(await countCodes(single)).toEqual({ valid: 25, rate_limited: 75 });
    const requests = Array.from({ length: 50 }, () => ({ key: two.secret }));
    const batches = [0, 1].map(() => at.admin.call('verifyBatch', { body: { requests } }));
    const results = (await Promise.all(batches)).flatMap((batch) => batch.results);
    expect(await countCodes(results.map(async (result) => result))).toEqual({ valid: 25, rate_limited: 75 });
  });

  test('a second later there is room again', async () => {
    const { secret } = await create([rate('burst', 2, 1)]);
    const codes = async () => [(await verify({ key: secret })).code, (await verify({ key: secret })).code];
    expect(await codes()).toEqual(['valid', 'valid']);
    const refused = await verify({ key: secret });
    if (refused.valid) throw new Error('three of two passed');
    expect(refused.retryAfterSeconds).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1020));
    expect(await codes()).toEqual(['valid', 'valid']);
  });

  test('both secrets of a rotated key share its windows, and neither rotation nor change empties them', async () => {
    const { key, secret } = await create([rate('a', 3)]);
    const params = { keyId: key.id };
    await verify({ key: secret });
    const { secret: next } = await at.admin.call('rotateKey', { params });
    await verify({ key: next });
    await at.admin.call('updateKey', { params, body: { name: 'Other', rateLimits: [rate('a', 4)] } });
    await at.admin.call('deactivateKey', { params });
    await at.admin.call('activateKey', { params });
    expect(await verify({ key: secret })).toMatchObject({
      valid: true,
      limits: [{ limit: 4, remaining: 1 }],
    });
    expect(await verify({ key: next })).toMatchObject({ valid: true, limits: [{ remaining: 0 }] });
    expect(await verify({ key: secret })).toMatchObject({ code: 'rate_limited' });
  });

  test('a limit that is lowered, raised or taken away holds from the next verification on', async () => {
    const { key, secret } = await create([rate('a', 10)]);
    const setTo = (rateLimits: RateLimit[]) =>
      at.admin.call('updateKey', { params: { keyId: key.id }, body: { rateLimits } });
    await verify({ key: secret, cost: 5 });
    await setTo([rate('a', 5)]);
    expect(await verify({ key: secret })).toMatchObject({ code: 'rate_limited' });
    await setTo([rate('a', 6)]);
    expect(await verify({ key: secret })).toMatchObject({ valid: true, limits: [{ remaining: 0 }] });
    await setTo([]);
    expect(await verify({ key: secret })).toMatchObject({ valid: true, limits: [] });
  });

  describe('a request that is refused for something else', () => {
    const others = verifyCodes.filter((code) =>
      ['wrong_channel', 'ip_denied', 'insufficient_scope', 'inactive'].includes(code),
    );

    test.each(others)('is told %s also when the limit is reached, and is charged nothing', async (code) => {
      const { id: projectId } = await at.createProject();
      const [own, other] = [await at.createChannel(projectId), await at.createChannel(projectId)];
      const { key, secret } = await at.createKey(projectId, {
        channelId: own.id,
        ipAllow: ['192.0.2.1'],
        scopes: ['read'],
        rateLimits: [rate('a', 1)],
      });
      const good = { key: secret, channel: own.id, ip: '192.0.2.1', scopes: ['read'] };
      const params = { keyId: key.id };
      const bad = {
        ...good,
        ...(code === 'wrong_channel' && { channel: other.id }),
        ...(code === 'ip_denied' && { ip: '192.0.2.2' }),
        ...(code === 'insufficient_scope' && { scopes: ['write'] }),
      };
      for (const expected of ['valid', 'rate_limited']) {
        if (code === 'inactive') await at.admin.call('deactivateKey', { params });
        const refused = await verify(bad);
        expect(refused.code).toBe(code);
        expect(refused).not.toHaveProperty('limits');
        if (code === 'inactive') await at.admin.call('activateKey', { params });
        expect((await verify(good)).code).toBe(expected);
      }
    });
  });

  test.each([-1, 0.5, 1_000_001, '1', null, [], Number.MAX_SAFE_INTEGER])(
    '400 for a cost of %j',
    async (cost) => {
      const { secret } = await create([rate('a', 10)]);
      const body = { key: secret, cost };
      expect(await at.admin.refuse('verify', { body })).toMatchObject({ errors: [{ path: 'cost' }] });
      expect(await at.admin.refuse('verifyBatch', { body: { requests: [body] } })).toMatchObject({
        errors: [{ path: 'requests.0.cost' }],
      });
      expect(await verify({ key: secret })).toMatchObject({ limits: [{ remaining: 9 }] });
    },
  );
});
