import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VerifyAnswer } from '@keywright/contract';
import { expect, test } from 'vitest';
import { type Client, client } from '../support/client.ts';
import { createDatabase, createDirectory, forEachEngine, type Place } from '../support/engines.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { settableClock } from './support/clock.ts';
import { settingsOf } from './support/program.ts';

const leaseMs = 10_000;
const hourMs = 3_600_000;
const tenYearsMs = 10 * 365 * 24 * hourMs;

async function verify(api: Client, secret: string): Promise<VerifyAnswer> {
  return (await api.request('POST', '/v1/verify', { body: { key: secret } })).json as VerifyAnswer;
}

/** A service whose wall clock can be set, with a project. */
async function start(place: Place) {
  const clock = settableClock();
  const service = await startService({ env: { ...settingsOf(place), ...clock.env } });
  const api = client(service.url, service.bootstrapKey);
  const { id: projectId } = await api.call('createProject', { body: { name: 'P' } });
  return { clock, service, api, projectId };
}

forEachEngine((createPlace) => {
  test('what a rotation or a person ended is dead also when the clock is set back afterwards', async () => {
    const { clock, api, projectId } = await start(await createPlace());
    clock.set(hourMs);
    // On PostgreSQL this machine's clock is compared with the database's once a second.
    await sleep(1500);
    const { key, secret: first } = await api.call('createKey', { params: { projectId }, body: {} });
    const params = { keyId: key.id };
    const { secret: second } = await api.call('rotateKey', { params, body: { overlapSeconds: 0 } });
    const { secret: third } = await api.call('rotateKey', { params, body: { overlapSeconds: 7 * 3600 } });
    expect((await verify(api, second)).code).toBe('valid');
    await api.call('retirePreviousSecret', { params });
    for (const offset of [hourMs, 0, -hourMs]) {
      clock.set(offset);
      expect((await verify(api, first)).code, `at ${offset}`).toBe('revoked');
      expect((await verify(api, second)).code, `at ${offset}`).toBe('revoked');
      expect((await verify(api, third)).code, `at ${offset}`).toBe('valid');
    }
  });
});

test('what is old is put together and forgotten ten minutes after the start, but not by a clock that was just set', async () => {
  const place = await createDirectory();
  const { clock, api, projectId } = await start(place);
  const minutesAgo = async (count: number) => {
    const [row] = await place.query<{ count: number }>(
      `SELECT count(*) AS count FROM usage WHERE resolution = 60000 AND at < ${Date.now() - count * 60_000}`,
    );
    return Number(row?.count);
  };
  const { secret } = await api.call('createKey', { params: { projectId }, body: {} });
  clock.set(-tenYearsMs);
  await verify(api, secret);
  await expect.poll(() => minutesAgo(1)).toBeGreaterThan(0);
  clock.set(0);
  // Longer than it takes until that is looked at again.
  await sleep(2500);
  expect(await minutesAgo(1)).toBeGreaterThan(0);
  clock.pass(600_000);
  await expect.poll(() => minutesAgo(1)).toBe(0);
});

test('windows and what is in memory do not mind a clock that is set', async () => {
  const { clock, api, projectId } = await start(await createDirectory());
  const body = { rateLimits: [{ name: 'w', limit: 3, windowSeconds: 3 }] };
  const { secret } = await api.call('createKey', { params: { projectId }, body });
  const codes: string[] = [];
  for (const offset of [0, hourMs, -hourMs, tenYearsMs]) {
    clock.set(offset);
    codes.push((await verify(api, secret)).code);
  }
  expect(codes).toEqual(['valid', 'valid', 'valid', 'rate_limited']);
  clock.set(-hourMs);
  await expect.poll(async () => (await verify(api, secret)).code, { timeout: 6000 }).toBe('valid');
});

/** Starts a second one on the database of a first one that stands still, and lost its connection for heartbeats. */
async function takeOver(place: Place, { bootstrapKey }: RunningService): Promise<Client> {
  await place.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'keywright node'`,
  );
  const second = await startService({
    env: { ...settingsOf(place), KEYWRIGHT_BOOTSTRAP_KEY: bootstrapKey },
  });
  return client(second.url, bootstrapKey);
}

/** Sends verifications to a service that stands still; they wait in its sockets. Answers what it says when it wakes. */
function queue({ url, bootstrapKey }: RunningService, secret: string, count: number): Promise<string[]> {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ key: secret });
  const request = [
    'POST /v1/verify HTTP/1.1',
    `Host: ${hostname}:${port}`,
    `Authorization: Bearer ${bootstrapKey}`,
    'Content-Type: application/json',
    'Connection: close',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
  const send = async () => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    socket.write(request);
    await once(socket, 'close');
    return /"code":"(\w+)"/.exec(text)?.[1] ?? text;
  };
  return Promise.all(Array.from({ length: count }, send));
}

test.each(['stopped for longer than its lease', 'suspended: its monotonic clock stood still'])(
  'a process that was %s says nothing from its memory when it wakes, not even to requests that wait for it',
  { timeout: 120_000 },
  async (how) => {
    const place = await createDatabase();
    const { clock, service, api, projectId } = await start(place);
    const { key, secret } = await api.call('createKey', { params: { projectId }, body: {} });
    expect((await verify(api, secret)).code).toBe('valid');
    const stoppedAt = performance.now();
    process.kill(service.pid, 'SIGSTOP');
    const second = await takeOver(place, service);
    await second.call('revokeKey', { params: { keyId: key.id } });
    const answers = queue(service, secret, 20);
    if (how.startsWith('suspended')) {
      clock.set(leaseMs);
      await sleep(100);
    } else await sleep(leaseMs + 200 - (performance.now() - stoppedAt));
    process.kill(service.pid, 'SIGCONT');
    expect(new Set(await answers)).toEqual(new Set(['revoked']));
    expect((await verify(api, secret)).code).toBe('revoked');
  },
);
