import { setTimeout as sleep } from 'node:timers/promises';
import type { VerifyAnswer } from '@keywright/contract';
import { expect, test } from 'vitest';
import { type Client, client } from '../support/client.ts';
import { createDatabase, type Place } from '../support/engines.ts';
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
  timeout: 60_000,
}, async () => {
  // Both at once, because it is the lease that takes its time.
  await Promise.all([outage('cut'), outage('freeze')]);
});

/** @param way it refuses connections, or it takes them and says nothing */
async function outage(way: 'cut' | 'freeze'): Promise<void> {
  const place = await createDatabase();
  const { proxy, api, projectId, warm, cold } = await startWithKeys(place);

  proxy[way]();
  const brokenAt = performance.now();
  const sinceBroken = () => performance.now() - brokenAt;
  const observing = observe(api, warm.secret, sinceBroken);
  const patiently = { timeoutMs: 50_000 };
  const coldAnswer = verify(api, cold.secret);
  const created = api.request('POST', `/v1/projects/${projectId}/keys`, {
    body: { name: 'In the outage' },
    ...patiently,
  });
  const revoked = api.request('POST', `/v1/keys/${cold.id}/revoke`, patiently);
  await expect.poll(() => readiness(api), { timeout: 5000 }).toMatchObject({ database: false });
  await sleep(leaseMs + 1000 - sinceBroken());
  expect(await readiness(api), way).toEqual({ database: false, lease: false, clock: true });
  const observations = await observing;

  const restoredAt = sinceBroken();
  proxy.restore();
  const allWell = { database: true, lease: true, clock: true };
  await expect.poll(() => readiness(api), { timeout: 20_000 }).toEqual(allWell);
  expect(await verify(api, warm.secret)).toBe('valid');
  checkObservations(await Promise.all(observations), restoredAt);
  expect(['unavailable', ...(way === 'freeze' ? ['valid', 'revoked'] : [])]).toContain(await coldAnswer);
  await checkWholeOrAbsent(api, projectId, 'In the outage', await created);
  const { status } = await revoked;
  expect([200, 503]).toContain(status);
  if (status === 200) expect(await verify(api, cold.secret)).toBe('revoked');
  await api.call('revokeKey', { params: { keyId: warm.id } });
  expect(await verify(api, warm.secret)).toBe('revoked');
  expect(await keywright(['audit', 'verify'], { env: settingsOf(place) })).toMatchObject({ code: 0 });
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
  return { proxy, api, projectId, warm, cold };
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

async function checkWholeOrAbsent(
  api: Client,
  projectId: string,
  name: string,
  { status, json }: { status: number; json: unknown },
): Promise<void> {
  const { items } = await api.call('listKeys', { params: { projectId }, query: { search: name } });
  const rows = (await api.call('listLedger', { query: { action: 'key.created' } })).items;
  const inLedger = rows.filter(({ subject }) => subject.name === name).map(({ subject }) => subject.id);
  expect(inLedger).toEqual(items.map(({ id }) => id));
  if (status === 201) {
    expect(items).toHaveLength(1);
    expect(await verify(api, (json as { secret: string }).secret)).toBe('valid');
  } else {
    expect(status).toBe(503);
    expect(json).toMatchObject({ code: 'unavailable' });
  }
}
