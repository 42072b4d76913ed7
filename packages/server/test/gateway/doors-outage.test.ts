import { expect, test } from 'vitest';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { startWay } from '../process/support/proxy.ts';
import { client } from '../support/client.ts';
import { createDatabase } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { ask, doorNames, withKey } from './support/doors.ts';

/** For so long memory may answer, counted from the last heartbeat. */
const leaseMs = 10_000;

test('the database away: memory answers for a lease, and what nobody can tell is a 503, at every door', {
  timeout: 120_000,
}, async () => {
  const way = await startWay((await createDatabase()).location);
  const service = await startService({ databaseUrl: way.url });
  const api = client(service.url, service.bootstrapKey);
  const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
  const params = { projectId };
  const open = { slug: 'open', name: 'Open', gateway: { explain: false } } as const;
  await api.call('createChannel', { params, body: { slug: 'orders', name: 'Orders' } });
  await api.call('createChannel', { params, body: open });
  const { secret: warm } = await api.call('createKey', { params, body: {} });
  const { secret: cold } = await api.call('createKey', { params, body: {} });
  const askAll = async (headers: ReturnType<typeof withKey>, channel = 'orders') =>
    Promise.all(doorNames.map((door) => ask(service.url, door, channel, { headers })));
  const statuses = async (...args: Parameters<typeof askAll>) =>
    (await askAll(...args)).map(({ status }) => status);
  const all = (status: number) => doorNames.map(() => status);
  expect(await statuses(withKey(warm))).toEqual(all(200));
  expect(await statuses(withKey(warm), 'open')).toEqual(all(200));

  way.cut();
  const brokenAt = performance.now();
  expect(await statuses(withKey(warm))).toEqual(all(200));
  for (const channel of ['orders', 'open', 'never-seen']) {
    for (const answer of await askAll(withKey(cold), channel)) {
      expect(answer).toMatchObject({
        status: 503,
        headers: { 'cache-control': 'no-store' },
        problem: { code: 'unavailable' },
      });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-keywright'))).toEqual([]);
    }
  }
  // What the checksum rules out needs nobody to tell.
  expect(await statuses([])).toEqual(all(401));
  const passed = async () => (await statuses(withKey(warm))).every((status) => status === 200);
  await expect.poll(passed, { timeout: leaseMs + 5000, interval: 200 }).toBe(false);
  expect(performance.now() - brokenAt).toBeLessThan(leaseMs + 2000);
  expect(await statuses(withKey(warm))).toEqual(all(503));

  way.restore();
  await expect.poll(passed, { timeout: 20_000, interval: 200 }).toBe(true);
  expect(await statuses(withKey(cold))).toEqual(all(200));
  expect(await statuses(withKey(generateSecret('kw').reveal()))).toEqual(all(401));
});
