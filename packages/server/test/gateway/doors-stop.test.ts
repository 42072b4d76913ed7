import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { startService } from '../support/running-service.ts';
import { asked, authUrlOf, type Door, doorNames, withKey } from './support/doors.ts';

const longestStopMs = 5000;

test.each(['main', 'auth'])('SIGTERM cuts off nobody who asks at the %s port', async (where) => {
  const service = await startService(where === 'auth' ? { env: { KEYWRIGHT_AUTH_PORT: '0' } } : {});
  const api = client(service.url, service.bootstrapKey);
  const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
  await api.call('createChannel', { params: { projectId }, body: { slug: 'orders', name: 'Orders' } });
  const { secret } = await api.call('createKey', { params: { projectId }, body: {} });
  const url = where === 'auth' ? authUrlOf(service) : service.url;
  const asking = Array.from({ length: 12 }, (_, i) =>
    askWithoutPause(url, doorNames[i % doorNames.length] ?? 'ext-authz', secret),
  );
  await sleep(300);
  const signalledAt = performance.now();
  process.kill(service.pid, 'SIGTERM');
  for (const fate of await Promise.all(asking)) {
    expect(fate.end).toBe('told to leave');
    expect(fate.answered).toBeGreaterThan(1);
  }
  expect(await service.ended).toBe(0);
  expect(performance.now() - signalledAt).toBeLessThan(longestStopMs);
});

/** Asks over a connection of its own, one request after the other, until an answer says that it is the last one. */
async function askWithoutPause(
  url: string,
  door: Door,
  secret: string,
): Promise<{ answered: number; end: string }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const fate = { answered: 0, end: 'told to leave' };
  const { method, path, headers } = asked(door, 'orders', { headers: withKey(secret) });
  const once = () =>
    new Promise<string | undefined>((resolve, reject) => {
      const sent = request(
        url + path,
        { method, agent, headers: Object.fromEntries(headers) },
        (response) => {
          response.on('error', reject);
          response.on('end', () => {
            if (response.statusCode === 200) resolve(response.headers.connection);
            else reject(new Error(String(response.statusCode)));
          });
          response.resume();
        },
      );
      sent.on('error', reject);
      sent.end();
    });
  try {
    for (;;) {
      const connection = await once();
      fate.answered++;
      if (connection === 'close') return fate;
    }
  } catch (error) {
    return { ...fate, end: `cut off: ${String(error)}` };
  } finally {
    agent.destroy();
  }
}
