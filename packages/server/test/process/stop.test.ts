import { setTimeout as sleep } from 'node:timers/promises';
import type { Key } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { createDirectory, forEachEngine, type Place } from '../support/engines.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { askWithoutPause, sendSlowly } from './support/connection.ts';
import { keywright, settingsOf } from './support/program.ts';

/** What the README promises. */
const longestStopMs = 5000;

forEachEngine((createPlace) => {
  test('SIGTERM cuts off no request, ends the process with 0, and loses nothing', async () => {
    const place = await createPlace();
    const { service, secret, projectId } = await startWithKey(place);
    const key = service.bootstrapKey;
    const uploads = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((number) =>
        sendSlowly(service.url, {
          path: `/v1/projects/${projectId}/keys`,
          key,
          body: { name: `Slow ${number}` },
          isChunked: number % 2 === 1,
        }),
      ),
    );
    const asking = Array.from({ length: 24 }, () =>
      askWithoutPause(service.url, { path: '/v1/verify', key, body: { key: secret } }),
    );
    await sleep(300);

    const signalledAt = performance.now();
    process.kill(service.pid, 'SIGTERM');
    const isListening = () =>
      fetch(`${service.url}/healthz`).then(
        () => true,
        () => false,
      );
    await expect.poll(isListening, { timeout: 3000, interval: 20 }).toBe(false);
    const responses = await Promise.all(uploads.map((upload) => upload.finish()));
    for (const fate of await Promise.all(asking)) {
      expect(fate).toEqual({ answered: expect.any(Number), end: 'told to leave' });
      expect(fate.answered).toBeGreaterThan(1);
    }
    expect(await service.ended).toBe(0);
    expect(performance.now() - signalledAt).toBeLessThan(longestStopMs);

    const created = responses.map(({ status, headers, body }) => {
      expect(status, body).toBe(201);
      expect(headers).toContain('connection: close');
      return JSON.parse(body) as { key: Key; secret: string };
    });
    const again = await startService({ env: { ...settingsOf(place), KEYWRIGHT_BOOTSTRAP_KEY: key } });
    const api = client(again.url, key);
    for (const { key: slow, secret: slowSecret } of created) {
      expect(await api.call('verify', { body: { key: slowSecret } })).toMatchObject({
        valid: true,
        key: { id: slow.id },
      });
    }
    const checked = await keywright(['audit', 'verify'], { env: settingsOf(place) });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^The chain holds: 9 rows/) });
  });
});

describe('a stop', () => {
  test('happens on SIGINT as on SIGTERM', async () => {
    const { service } = await startWithKey(await createDirectory());
    process.kill(service.pid, 'SIGINT');
    expect(await service.ended).toBe(0);
    expect(service.logs()).toMatch(/"signal":"SIGINT","msg":"stopping".*"msg":"stopped"/s);
  });

  test('does not wait for connections on which nobody asks', async () => {
    const { service } = await startWithKey(await createDirectory());
    await Promise.all([1, 2, 3].map(() => fetch(`${service.url}/healthz`).then((answer) => answer.text())));
    const signalledAt = performance.now();
    process.kill(service.pid, 'SIGTERM');
    expect(await service.ended).toBe(0);
    expect(performance.now() - signalledAt).toBeLessThan(2500);
  });

  test('cuts off a request that never ends, and is clean all the same', async () => {
    const place = await createDirectory();
    const { service, projectId } = await startWithKey(place);
    const path = `/v1/projects/${projectId}/keys`;
    const upload = await sendSlowly(service.url, {
      path,
      key: service.bootstrapKey,
      body: { name: 'Endless' },
    });
    const signalledAt = performance.now();
    process.kill(service.pid, 'SIGTERM');
    expect(await service.ended).toBe(0);
    const elapsedMs = performance.now() - signalledAt;
    expect(elapsedMs).toBeGreaterThan(2000);
    expect(elapsedMs).toBeLessThan(longestStopMs);
    await upload.closed;
    const checked = await keywright(['audit', 'verify'], { env: settingsOf(place) });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^The chain holds: 3 rows/) });
  });

  test('takes the echo of a signal, as npm makes one, for the same signal', async () => {
    const { service, secret } = await startWithKey(await createDirectory());
    const key = service.bootstrapKey;
    const asking = askWithoutPause(service.url, { path: '/v1/verify', key, body: { key: secret } });
    await sleep(100);
    for (let count = 0; count < 3; count++) {
      process.kill(service.pid, 'SIGINT');
      await sleep(20);
    }
    expect(await asking).toMatchObject({ end: 'told to leave' });
    expect(await service.ended).toBe(0);
  });

  test('is at once, and not clean, on a second signal', async () => {
    const place = await createDirectory();
    const { service, projectId } = await startWithKey(place);
    const path = `/v1/projects/${projectId}/keys`;
    await sendSlowly(service.url, { path, key: service.bootstrapKey, body: { name: 'Endless' } });
    process.kill(service.pid, 'SIGTERM');
    await expect.poll(() => service.logs()).toContain('"msg":"stopping"');
    await sleep(600);
    const signalledAt = performance.now();
    process.kill(service.pid, 'SIGTERM');
    expect(await service.ended).toBe(1);
    expect(performance.now() - signalledAt).toBeLessThan(1000);
    const checked = await keywright(['audit', 'verify'], { env: settingsOf(place) });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^The chain holds: 3 rows/) });
  });
});

/** Its ledger has three rows. */
async function startWithKey(
  place: Place,
): Promise<{ service: RunningService; projectId: string; secret: string }> {
  const service = await startService({ env: settingsOf(place) });
  const api = client(service.url, service.bootstrapKey);
  const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
  const { secret } = await api.call('createKey', { params: { projectId }, body: { name: 'Key' } });
  return { service, projectId, secret };
}
