import { setTimeout as sleep } from 'node:timers/promises';
import type { VerifyAnswer } from '@keywright/contract';
import { expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../../../../test-support/postgres-server.ts';
import { client } from '../support/client.ts';
import { queryPostgres } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { until } from '../support/waiting.ts';
import { keywright, sentencesOf } from './support/program.ts';
import { startWay } from './support/proxy.ts';

test('a failover to a copy that lags behind: no revocation is lost, changes are 503 until a server takes them', async () => {
  const original = await startPostgres();
  onTestFinished(original.stop);
  const copy = await original.startCopy();
  onTestFinished(copy.stop);
  const way = await startWay(original.url);
  const service = await startService({ databaseUrl: way.url });
  const api = client(service.url, service.bootstrapKey);
  const verify = async (secret: string) => {
    const { json } = await api.request('POST', '/v1/verify', { body: { key: secret } });
    return (json as VerifyAnswer).code;
  };
  const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
  const create = () => api.request('POST', `/v1/projects/${projectId}/keys`, { body: {} });
  const { key, secret } = await api.call('createKey', { params: { projectId }, body: {} });
  const knows = (id: string) => queryPostgres(copy.url, `SELECT 1 FROM keys WHERE id = '${id}'`);
  await until(async () => (await knows(key.id)).length > 0, 'the copy has the key');

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
    expect(['revoked', 'unavailable']).toContain(await verify(secret));

  await queryPostgres(copy.url, 'SELECT pg_wal_replay_resume()');
  await queryPostgres(copy.url, 'SELECT pg_promote()');
  await expect.poll(async () => (await create()).status).toBe(201);
  await expect.poll(() => verify(secret)).toBe('revoked');
}, 120_000);
