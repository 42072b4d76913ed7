import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerExportRow, VerifyAnswer } from '@keywright/contract';
import { expect, inject, test } from 'vitest';
import { type Answer, type Client, client } from '../support/client.ts';
import { createDatabase, type Place, queryPostgres } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { keywright, settingsOf } from './support/program.ts';
import { startWay } from './support/proxy.ts';

/** For so long a service may answer from memory, counted from its last heartbeat, which is a second old at most. */
const leaseMs = 10_000;
const outageMs = 15_000;
/** A database that hangs is waited for, but no longer than this. */
const longestAnswerMs = 7000;

/** A verification during the outage; times in milliseconds since its beginning. */
interface Observation {
  startedAt: number;
  elapsedMs: number;
  /** `valid`, the code of a refusal, or the code of an error. */
  code: string;
}

test('PostgreSQL away under a running service: memory answers for a lease, then 503, and all is well afterwards', {
  timeout: 240_000,
}, async () => {
  // Both at once, because it is the lease that takes its time.
  await Promise.all([outage('cut'), outage('freeze')]);
});

test('PostgreSQL that hangs: a verification that needs it is not left waiting for long', async () => {
  const { proxy, api, cold } = await startWithKeys(await createDatabase());
  proxy.freeze();
  const startedAt = performance.now();
  expect(await verify(api, cold.secret)).toBe('unavailable');
  expect(performance.now() - startedAt).toBeLessThan(longestAnswerMs);
  proxy.restore();
  expect(await verify(api, cold.secret)).toBe('valid');
});

test('PostgreSQL ends connections again and again: a request fails with 503 at worst, and nothing is lost', async () => {
  const place = await createDatabase();
  const { service, api, projectId, warm } = await startWithKeys(place);
  const creations: Creation[] = [];
  const codes = new Set<string>();
  let isOver = false;
  const work = async (caller: number) => {
    for (let number = 0; !isOver; number++) {
      const name = `Key ${caller}-${number}`;
      creations.push({
        name,
        ...(await api.request('POST', `/v1/projects/${projectId}/keys`, { body: { name } })),
      });
      codes.add(await verify(api, warm.secret));
    }
  };
  const working = Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(work));
  const count = (wanted: number) => creations.filter(({ status }) => status === wanted).length;
  // As often as it takes, and ever slower, so that a busy machine gets something done in between.
  for (let round = 0; round < 15 || (round < 100 && (count(201) <= 20 || count(503) === 0)); round++) {
    await sleep(100 + 10 * round);
    await endConnections(place);
  }
  isOver = true;
  await working;

  expect([...codes]).toEqual(['valid']);
  expect(count(201)).toBeGreaterThan(20);
  expect(count(503)).toBeGreaterThan(0);
  await expect
    .poll(() => readiness(api), { timeout: 5000 })
    .toEqual({ database: true, lease: true, clock: true, limiter: true, changes: true });
  await checkWholeOrAbsent(api, creations);
  expect(await keywright(['audit', 'verify'], { env: settingsOf(place) })).toMatchObject({ code: 0 });
  expect(service.logs()).not.toContain('"level":"fatal"');
});

test('PostgreSQL that only lets itself be read: changes are 503, verifications go on', async () => {
  const place = await createDatabase();
  const { api, projectId, warm, cold } = await startWithKeys(place);
  const { pathname } = new URL(place.location);
  const setReadOnly = async (value: 'on' | 'off') => {
    const statement = `ALTER DATABASE ${pathname.slice(1)} SET default_transaction_read_only = ${value}`;
    await queryPostgres(inject('postgresUrl'), statement);
    await endConnections(place);
  };
  const change = () => api.request('POST', `/v1/projects/${projectId}/keys`, { body: {} });
  await setReadOnly('on');
  // The first ones may meet the connections that were just ended.
  await expect.poll(async () => (await change()).text).toContain('read-only');
  expect(await change()).toMatchObject({ status: 503, json: { code: 'unavailable' } });
  for (const { secret } of [warm, cold]) expect(await verify(api, secret)).toBe('valid');
  await setReadOnly('off');
  await expect.poll(async () => (await change()).status, { timeout: 5000 }).toBe(201);
});

test('PostgreSQL away: what is counted waits, /metrics tells for how long, and afterwards none is missing', {
  timeout: 240_000,
}, async () => {
  const { proxy, api, projectId, warm } = await startWithKeys(await createDatabase());
  const metric = async (name: string) => {
    const { text } = await api.request('GET', '/metrics', { headers: { Authorization: '' } });
    return Number(new RegExp(`^keywright_usage_${name} (\\S+)$`, 'm').exec(text)?.[1]);
  };
  const counted = async () => {
    const { buckets } = await api.call('getProjectUsage', { params: { projectId } });
    return buckets.reduce((sum, { count }) => sum + count, 0);
  };
  const patience = { timeout: 20_000 };
  // What made it warm, and this one.
  expect(await verify(api, warm.secret)).toBe('valid');
  await expect.poll(counted, patience).toBe(2);
  proxy.cut();
  for (let i = 0; i < 20; i++) expect(await verify(api, warm.secret)).toBe('valid');
  await expect.poll(() => metric('lag_seconds'), patience).toBeGreaterThan(2);
  expect(await metric('batches_failed_total')).toBeGreaterThan(0);
  proxy.restore();
  await expect.poll(counted, patience).toBe(2 + 20);
  await expect.poll(() => metric('lag_seconds'), patience).toBe(0);
  expect(await metric('verifications_dropped_total')).toBe(0);
});

async function endConnections(place: Place): Promise<void> {
  await place.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'keywright%'`,
  );
}

/** @param way it refuses connections, or it takes them and says nothing */
async function outage(way: 'cut' | 'freeze'): Promise<void> {
  const place = await createDatabase();
  const { proxy, service, api, projectId, warm, cold } = await startWithKeys(place);
  const create = async (name: string): Promise<Creation> => {
    const body = { name };
    return {
      name,
      ...(await api.request('POST', `/v1/projects/${projectId}/keys`, { body, timeoutMs: 50_000 })),
    };
  };

  // Some of these are at work in the database when it goes away.
  const creations = Array.from({ length: 30 }, (_, number) => create(`Before the outage ${number}`));
  await Promise.race(creations);
  proxy[way]();
  const brokenAt = performance.now();
  const sinceBroken = () => performance.now() - brokenAt;
  creations.push(create('In the outage'));
  const observing = observe(api, warm.secret, sinceBroken);
  const coldAnswer = verify(api, cold.secret);
  const revocation = api.request('POST', `/v1/keys/${cold.id}/revoke`, { timeoutMs: 50_000 });
  await expect.poll(() => readiness(api), { timeout: 5000 }).toMatchObject({ database: false });
  await sleep(leaseMs + 1000 - sinceBroken());
  expect(await readiness(api), way).toEqual({
    database: false,
    lease: false,
    clock: true,
    limiter: true,
    changes: true,
  });
  const observations = await observing;

  const restoredAt = sinceBroken();
  proxy.restore();
  const allWell = { database: true, lease: true, clock: true, limiter: true, changes: true };
  await expect.poll(() => readiness(api), { timeout: 20_000 }).toEqual(allWell);
  expect(await verify(api, warm.secret)).toBe('valid');
  checkObservations(await Promise.all(observations), restoredAt);
  expect(['unavailable', ...(way === 'freeze' ? ['valid', 'revoked'] : [])]).toContain(await coldAnswer);
  await checkWholeOrAbsent(api, await Promise.all(creations));
  const { status } = await revocation;
  expect([200, 503]).toContain(status);
  if (status === 200) expect(await verify(api, cold.secret)).toBe('revoked');
  await api.call('revokeKey', { params: { keyId: warm.id } });
  expect(await verify(api, warm.secret)).toBe('revoked');
  expect(await keywright(['audit', 'verify'], { env: settingsOf(place) })).toMatchObject({ code: 0 });
  checkLogs(service.logs(), place);
}

interface TestKey {
  id: string;
  secret: string;
}

async function startWithKeys(place: Place) {
  const proxy = await startWay(place.location);
  const service = await startService({ databaseUrl: proxy.url });
  const api = client(service.url, service.bootstrapKey);
  const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
  const create = async (name: string): Promise<TestKey> => {
    const { key, secret } = await api.call('createKey', { params: { projectId }, body: { name } });
    return { id: key.id, secret };
  };
  const [warm, cold] = [await create('Warm'), await create('Cold')];
  expect(await verify(api, warm.secret)).toBe('valid');
  return { proxy, service, api, projectId, warm, cold };
}

/** Asks for a key that is in memory, again and again, as long as the outage lasts. Does not wait for the answers. */
async function observe(
  api: Client,
  secret: string,
  sinceBroken: () => number,
): Promise<Promise<Observation>[]> {
  const observations: Promise<Observation>[] = [];
  while (sinceBroken() < outageMs) {
    const startedAt = sinceBroken();
    const answer = verify(api, secret).catch((error: unknown) => `no answer: ${String(error)}`);
    observations.push(answer.then((code) => ({ startedAt, elapsedMs: sinceBroken() - startedAt, code })));
    await sleep(100);
  }
  return observations;
}

function checkObservations(observations: Observation[], restoredAt: number): void {
  const codesOf = (list: Observation[]) => [...new Set(list.map(({ code }) => code))];
  const early = observations.filter(({ startedAt }) => startedAt < leaseMs - 1500);
  expect(codesOf(early)).toEqual(['valid']);
  const late = observations.filter(({ startedAt }) => startedAt > leaseMs);
  expect(late.length).toBeGreaterThan(5);
  // What still waits when the database comes back is told the truth.
  const refused = late.filter(({ startedAt, elapsedMs }) => startedAt + elapsedMs < restoredAt);
  expect(codesOf(refused)).toEqual(['unavailable']);
  // An outage is never told as a key that does not hold.
  expect(codesOf(observations).sort()).toEqual(['unavailable', 'valid']);
  for (const { elapsedMs } of observations) expect(elapsedMs).toBeLessThan(longestAnswerMs);
}

async function verify(api: Client, secret: string): Promise<string> {
  const { json } = await api.request('POST', '/v1/verify', { body: { key: secret }, timeoutMs: 50_000 });
  return (json as VerifyAnswer).code;
}

async function readiness(api: Client): Promise<Record<string, boolean>> {
  const { status, json } = await api.request('GET', '/readyz');
  const { ready, checks } = json as {
    ready: boolean;
    checks: Record<string, { ok: boolean; detail: string }>;
  };
  expect(status).toBe(ready ? 200 : 503);
  for (const { detail } of Object.values(checks)) expect(detail).not.toBe('');
  return Object.fromEntries(Object.entries(checks).map(([name, { ok }]) => [name, ok]));
}

interface Creation extends Answer {
  name: string;
}

async function checkWholeOrAbsent(api: Client, creations: Creation[]): Promise<void> {
  const { text } = await api.request('GET', '/v1/ledger', { headers: { Accept: 'application/x-ndjson' } });
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerExportRow);
  for (const { name, status, json } of creations) {
    const ids = rows
      .filter(({ action, subject }) => action === 'key.created' && subject.name === name)
      .map(({ subject }) => subject.id);
    for (const keyId of ids)
      expect(await api.call('getKey', { params: { keyId } })).toMatchObject({ name, status: 'active' });
    if (status === 201) {
      const { key, secret } = json as { key: { id: string }; secret: string };
      expect(ids).toEqual([key.id]);
      expect(await verify(api, secret)).toBe('valid');
    } else {
      expect(status).toBe(503);
      expect(json).toMatchObject({ code: 'unavailable' });
      expect(ids.length).toBeLessThanOrEqual(1);
    }
  }
}

/** An outage is told in lines that a person can read, and without the password of the database. */
function checkLogs(logs: string, place: Place): void {
  expect(logs).toContain('the database does not answer');
  expect(logs).toContain('the database answers again');
  expect(logs).not.toContain('"level":"fatal"');
  expect(logs).not.toContain(new URL(place.location).password);
  const longest = Math.max(...logs.split('\n').map((line) => line.length));
  expect(longest).toBeLessThan(5000);
}
