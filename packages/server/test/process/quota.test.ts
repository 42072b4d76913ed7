import { expect, test } from 'vitest';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { type Client, client } from '../support/client.ts';
import { createDatabase, forEachEngine, type Place } from '../support/engines.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { until } from '../support/waiting.ts';
import { settingsOf } from './support/program.ts';
import { startWay } from './support/proxy.ts';

interface Running {
  service: RunningService;
  api: Client;
}

/** Starts the service on a place, again and again with the same key of the caller. */
function starterOn(place: Place, env: Record<string, string | undefined> = {}): () => Promise<Running> {
  const bootstrapKey = generateSecret('kws').reveal();
  return async () => {
    const service = await startService({
      env: { ...settingsOf(place), ...env, KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey },
    });
    return { service, api: client(service.url, bootstrapKey) };
  };
}

async function createKey(api: Client, limit: number): Promise<{ keyId: string; secret: string }> {
  const { id: projectId } = await api.call('createProject', { body: { name: 'P' } });
  const body = { quota: { limit, period: 'month' } } as const;
  const { key, secret } = await api.call('createKey', { params: { projectId }, body });
  return { keyId: key.id, secret };
}

async function codeOf(api: Client, key: string, cost = 1): Promise<string> {
  const { json } = await api.request('POST', '/v1/verify', { body: { key, cost } });
  return (json as { code: string }).code;
}

const usedOf = async (api: Client, keyId: string) =>
  (await api.call('getKey', { params: { keyId } })).quota?.used ?? 0;

forEachEngine((createPlace) => {
  test('killed again and again while it is spent: in all lives together no more pass than may', {
    timeout: 240_000,
  }, async () => {
    const limit = 3000;
    const start = starterOn(await createPlace());
    let { service, api } = await start();
    const { keyId, secret } = await createKey(api, limit);
    let [spent, unanswered] = [0, 0];
    for (let life = 0; life < 4; life++) {
      let isKilled = false;
      const before = spent;
      const crowd = Array.from({ length: 12 }, async () => {
        while (!isKilled) {
          const cost = 1 + Math.floor(Math.random() * 3);
          try {
            if ((await codeOf(api, secret, cost)) === 'valid') spent += cost;
          } catch (error) {
            if (!isKilled) throw error;
            unanswered += cost;
          }
        }
      });
      await until(() => spent > before + 300, 'some passed');
      isKilled = true;
      await service.kill();
      await Promise.all(crowd);
      ({ service, api } = await start());
      expect(await usedOf(api, keyId)).toBeGreaterThanOrEqual(spent);
    }
    const costs = [100, 10, 3, 2, 1];
    for (const cost of costs) while ((await codeOf(api, secret, cost)) === 'valid') spent += cost;
    expect(spent).toBeLessThanOrEqual(limit);
    // A crash wastes a hundredth of the limit at most, and what it left unanswered.
    expect(spent).toBeGreaterThanOrEqual(limit - unanswered - 4 * (limit / 100));
    await service.stop();
  });

  test.each([1, 3])(
    'of 100 at once on a quota for 25 exactly 25 pass, when it is killed after ten: each costs %i',
    { timeout: 240_000 },
    async (cost) => {
      const start = starterOn(await createPlace());
      let { service, api } = await start();
      const { keyId, secret } = await createKey(api, 25 * cost);
      const askAll = async (count: number) => {
        const codes = await Promise.all(Array.from({ length: count }, () => codeOf(api, secret, cost)));
        return codes.filter((code) => code === 'valid').length;
      };
      expect(await askAll(10)).toBe(10);
      await service.kill();
      ({ service, api } = await start());
      expect(await askAll(90)).toBe(15);
      await service.kill();
      ({ service, api } = await start());
      expect(await askAll(100)).toBe(0);
      expect(await usedOf(api, keyId)).toBe(25 * cost);
      await service.stop();
    },
  );

  test('of 100 at once on a quota of 25, killed while they are answered, never more than 25 pass in both lives', {
    timeout: 240_000,
  }, async () => {
    const start = starterOn(await createPlace());
    let { service, api } = await start();
    const { keyId, secret } = await createKey(api, 25);
    let [passed, unanswered] = [0, 0];
    const first = Promise.withResolvers<void>();
    const asking = Array.from({ length: 100 }, async () => {
      const code = await codeOf(api, secret).catch(() => null);
      if (code === null) unanswered++;
      if (code === 'valid') passed++;
      first.resolve();
    });
    await first.promise;
    await service.kill();
    await Promise.all(asking);
    ({ service, api } = await start());
    const codes = await Promise.all(Array.from({ length: 100 }, () => codeOf(api, secret)));
    passed += codes.filter((code) => code === 'valid').length;
    expect(passed).toBeLessThanOrEqual(25);
    // What was let through and could not be answered any more, at most.
    expect(passed + unanswered).toBeGreaterThanOrEqual(25);
    expect(await usedOf(api, keyId)).toBe(25);
    await service.stop();
  });

  test('SIGTERM gives back what is held: the next life finds what was spent, to the unit', async () => {
    const start = starterOn(await createPlace());
    const { service, api } = await start();
    const { keyId, secret } = await createKey(api, 100_000);
    for (let i = 0; i < 60; i++) expect(await codeOf(api, secret)).toBe('valid');
    expect(await service.stop()).toBe(0);
    const again = await start();
    expect(await usedOf(again.api, keyId)).toBe(60);
    expect(await codeOf(again.api, secret, 99_940)).toBe('valid');
    expect(await codeOf(again.api, secret)).toBe('quota_exceeded');
    await again.service.stop();
  });
});

test.each(['cut', 'freeze'] as const)(
  'PostgreSQL away (%s): what is reserved is spent, then it is 503, and afterwards all goes on',
  async (way) => {
    const place = await createDatabase();
    const proxy = await startWay(place.location);
    const { service, api } = await starterOn(place, { KEYWRIGHT_DATABASE_URL: proxy.url })();
    const { keyId, secret } = await createKey(api, 100_000);
    for (let i = 0; i < 40; i++) expect(await codeOf(api, secret)).toBe('valid');
    proxy[way]();
    let spent = 40;
    let code = await codeOf(api, secret);
    for (; code === 'valid'; code = await codeOf(api, secret)) spent++;
    expect(code).toBe('unavailable');
    const batch = { requests: [{ key: secret }, { key: secret, cost: 5 }] };
    expect(await api.refuse('verifyBatch', { body: batch })).toMatchObject({ code: 'unavailable' });
    proxy.restore();
    await expect.poll(() => codeOf(api, secret), { timeout: 10_000 }).toBe('valid');
    spent++;
    await expect.poll(() => usedOf(api, keyId), { timeout: 10_000 }).toBeGreaterThanOrEqual(spent);
    expect(service.logs()).not.toContain('"level":"fatal"');
    await service.stop();
  },
);
