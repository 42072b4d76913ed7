import { setTimeout as sleep } from 'node:timers/promises';
import type { VerifyAnswer } from '@keywright/contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../../../../test-support/postgres-server.ts';
import { type Client, client } from '../support/client.ts';
import { queryPostgres } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { until } from '../support/waiting.ts';
import { keywright, sentencesOf } from './support/program.ts';
import { startWay } from './support/proxy.ts';

const codesOfDead = ['revoked', 'unavailable'];

test('a failover to a copy that lags behind: no revocation is lost, changes are 503 until a server takes them', async () => {
  const { copy, way, api, projectId } = await startWithCopy();
  const create = () => api.request('POST', `/v1/projects/${projectId}/keys`, { body: {} });
  const { key, secret } = await api.call('createKey', { params: { projectId }, body: {} });
  await isCopied(copy.url, key.id);

  const env = { KEYWRIGHT_DATABASE_URL: copy.url };
  const refused = await keywright(['serve', '--port', '0'], { env });
  expect(sentencesOf(refused)).toEqual([expect.stringMatching(/it is read-only\. Let .+ takes changes\.$/)]);

  await queryPostgres(copy.url, 'SELECT pg_wal_replay_pause()');
  await api.call('revokeKey', { params: { keyId: key.id } });
  way.leadTo(copy.url);
  await expect.poll(async () => (await create()).text).toContain('read-only');
  expect(await create()).toMatchObject({ status: 503, json: { code: 'unavailable' } });
  // In this time the service beats several times.
  for (const end = performance.now() + 4000; performance.now() < end; await sleep(100))
    expect(codesOfDead).toContain(await verify(api, secret));

  await queryPostgres(copy.url, 'SELECT pg_wal_replay_resume()');
  await queryPostgres(copy.url, 'SELECT pg_promote()');
  await expect.poll(async () => (await create()).status).toBe(201);
  await expect.poll(() => verify(api, secret)).toBe('revoked');
}, 120_000);

test('a copy that lagged behind when it was promoted: what is revoked there is dead at once, however far the ledger was followed before', async () => {
  const { original, copy, way, api, projectId } = await startWithCopy();
  const { key, secret } = await api.call('createKey', { params: { projectId }, body: {} });
  await isCopied(copy.url, key.id);
  await queryPostgres(copy.url, `ALTER SYSTEM SET primary_conninfo = ''`);
  await queryPostgres(copy.url, 'SELECT pg_reload_conf()');
  await until(async () => !(await isFollowed(original.url)), 'the copy follows no more');
  for (let i = 0; i < 3; i++) await api.call('createKey', { params: { projectId }, body: {} });
  expect(await verify(api, secret)).toBe('valid');

  await queryPostgres(copy.url, 'SELECT pg_promote()');
  way.leadTo(copy.url);
  await revoke(api, key.id);
  for (const end = performance.now() + 2000; performance.now() < end; await sleep(20))
    expect(codesOfDead).toContain(await verify(api, secret));
  expect(await verify(api, secret)).toBe('revoked');
}, 120_000);

describe('a balancer that leads new connections to the promoted copy, and leaves old ones with the original', () => {
  test('what is revoked on the one is not answered from a lease that was renewed on the other', async () => {
    const { original, copy, api, key, secret } = await startSplit();
    // All but the one that beats, as a pool does by itself with those that nobody needs.
    await queryPostgres(
      original.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'keywright'`,
    );
    await revoke(api, key.id);
    expect(await queryPostgres(copy.url, `SELECT status FROM keys WHERE id = '${key.id}'`)).toEqual([
      { status: 'revoked' },
    ]);
    for (const end = performance.now() + 2000; performance.now() < end; await sleep(20))
      expect(codesOfDead).toContain(await verify(api, secret));
    expect(await verify(api, secret)).toBe('revoked');
  }, 120_000);

  test('within seconds all connections lead to the copy, also while nobody needs a new one', async () => {
    const { original, copy, api, key, secret } = await startSplit();
    await expect.poll(() => isRegistered(copy.url), { timeout: 15_000 }).toBe(true);
    const ofKeywright = `SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'keywright%'`;
    await expect.poll(() => queryPostgres(original.url, ofKeywright)).toEqual([]);
    await revoke(api, key.id);
    expect(await verify(api, secret)).toBe('revoked');
  }, 120_000);
});

/** The copy is promoted and new connections lead to it, while old ones stay with the original; a key was made before. */
async function startSplit() {
  const { way, projectId, ...started } = await startWithCopy();
  const { api, copy } = started;
  const { key, secret } = await api.call('createKey', { params: { projectId }, body: {} });
  await isCopied(copy.url, key.id);
  expect(await verify(api, secret)).toBe('valid');
  await queryPostgres(copy.url, 'SELECT pg_promote()');
  way.leadNewTo(copy.url);
  return { ...started, key, secret };
}

/** A service on an original with a copy, by a way that can lead to either. */
async function startWithCopy() {
  const original = await startPostgres();
  onTestFinished(original.stop);
  const copy = await original.startCopy();
  onTestFinished(copy.stop);
  const way = await startWay(original.url);
  const service = await startService({ databaseUrl: way.url });
  const api = client(service.url, service.bootstrapKey);
  const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
  return { original, copy, way, api, projectId };
}

async function isCopied(url: string, keyId: string): Promise<void> {
  const found = () => queryPostgres(url, `SELECT 1 FROM keys WHERE id = '${keyId}'`);
  await until(async () => (await found()).length > 0, 'the copy has the key');
}

async function isFollowed(url: string): Promise<boolean> {
  return (await queryPostgres(url, 'SELECT 1 FROM pg_stat_replication')).length > 0;
}

async function isRegistered(url: string): Promise<boolean> {
  return (await queryPostgres(url, `SELECT 1 FROM pg_locks WHERE locktype = 'advisory'`)).length > 0;
}

async function verify(api: Client, secret: string): Promise<string> {
  const { json } = await api.request('POST', '/v1/verify', { body: { key: secret } });
  return (json as VerifyAnswer).code;
}

/** As a caller does that is told to try again. */
async function revoke(api: Client, keyId: string): Promise<void> {
  await until(async () => {
    const { status } = await api.request('POST', `/v1/keys/${keyId}/revoke`, { body: {} });
    expect([200, 503]).toContain(status);
    return status === 200;
  }, 'the key was revoked');
}
