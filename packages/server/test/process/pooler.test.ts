import type { Key, VerifyAnswer } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { clientConfig } from '../../src/storage/postgres.ts';
import { PostgresNodeStore } from '../../src/storage/postgres-node-store.ts';
import { OneServer } from '../../src/storage/postgres-one-server.ts';
import { type Client, client } from '../support/client.ts';
import { createDatabase, type Place } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';
import { startPooler } from './support/pooler.ts';
import { keywright, sentencesOf, settingsOf } from './support/program.ts';

const fault = 'a pooler in front of it changes connections between transactions';
const remedy = /^Let KEYWRIGHT_DATABASE_URL lead to PostgreSQL itself, or .+pool_mode = session\)\.$/;

describe.each(['transaction', 'statement'] as const)('behind PgBouncer in %s mode', (mode) => {
  test('a start is refused, and doctor says so, with what to do', async () => {
    const { settings } = await pool(mode);
    const started = await keywright(['serve', '--port', '0'], { env: settings });
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(sentencesOf(started)).toEqual([expect.stringMatching(`^The database cannot be used: ${fault}`)]);
    const { code, stdout } = await keywright(['doctor', '--json'], { env: settings });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).checks).toContainEqual({
      status: 'fail',
      name: 'database',
      message: expect.stringContaining(fault),
      remedy: expect.stringMatching(remedy),
    });
  });
});

test('behind PgBouncer in transaction mode nobody gets the registration: two could have it, whose locks go to the same session', async () => {
  const { url } = await pool('transaction');
  const nodes = [1, 2].map(() => new PostgresNodeStore(clientConfig(url), new OneServer()));
  const outcomes = await Promise.allSettled(nodes.map((node) => node.register()));
  for (const node of nodes) await node.close();
  expect(outcomes).toEqual(
    Array(2).fill({ status: 'rejected', reason: expect.objectContaining({ name: 'DatabaseFaultError' }) }),
  );
});

test('behind PgBouncer in session mode all is as without it, and there is one process for each database', async () => {
  const { url, settings } = await pool('session');
  const first = await startService({ databaseUrl: url });
  const api = client(first.url, first.bootstrapKey);
  const { key, secret } = await createKey(api);
  expect(await verify(api, secret)).toBe('valid');
  const { propagation } = await api.call('revokeKey', { params: { keyId: key.id } });
  expect(propagation).toMatchObject({ nodes: 1, acknowledged: 1 });
  expect(await verify(api, secret)).toBe('revoked');
  expect(await keywright(['doctor'], { env: { ...settings, KEYWRIGHT_PORT: '0' } })).toMatchObject({
    code: 0,
  });
  expect(await keywright(['audit', 'verify'], { env: settings })).toMatchObject({ code: 0 });

  const second = await keywright(['serve', '--port', '0'], { env: settings });
  expect(sentencesOf(second)).toEqual([expect.stringMatching('^Another Keywright runs on this database')]);
  // PgBouncer empties the session of a client that is gone before it gives it to the next one.
  await first.kill();
  await startService({ databaseUrl: url });
});

test('what PgBouncer takes from no address is to be set for the user', async () => {
  const { url, settings } = await pool('session');
  const env = { ...settings, KEYWRIGHT_DATABASE_URL: `${url}?statement_timeout=9000` };
  const ended = await keywright(['serve', '--port', '0'], { env });
  expect(sentencesOf(ended)).toEqual([
    expect.stringMatching(
      /unsupported startup parameter: statement_timeout\. Leave it out .+ALTER ROLE.+\.$/,
    ),
  ]);
});

test('PgBouncer that changes to transaction mode under a running service: no revocation is lost', async () => {
  const { place, url, setMode } = await pool('session');
  const shared = await startService({ databaseUrl: url });
  const here = client(shared.url, shared.bootstrapKey);
  const { key, secret, projectId } = await createKey(here);
  expect(await verify(here, secret)).toBe('valid');

  await setMode('transaction');
  // With the next answer to the connection that beats, PgBouncer parts it from its session.
  expect(await hasLease(here)).toBe(true);
  // As PgBouncer does by itself after an hour, or ten minutes in which nobody needs it.
  await place.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  await expect.poll(() => hasLease(here)).toBe(false);
  expect(shared.logs()).toContain(`"msg":"The database cannot be used: ${fault}`);

  const direct = await startService({
    databaseUrl: place.location,
    env: { KEYWRIGHT_BOOTSTRAP_KEY: shared.bootstrapKey },
  });
  await client(direct.url, shared.bootstrapKey).call('revokeKey', { params: { keyId: key.id } });
  for (let i = 0; i < 20; i++) expect(['revoked', 'unavailable']).toContain(await verify(here, secret));
  const creations = Array.from({ length: 20 }, () =>
    here.request('POST', `/v1/projects/${projectId}/keys`, { body: {} }),
  );
  for (const { status } of await Promise.all(creations)) expect([201, 503]).toContain(status);

  await direct.stop();
  await setMode('session');
  await expect.poll(() => hasLease(here)).toBe(true);
  expect(await verify(here, secret)).toBe('revoked');
});

async function pool(mode: Parameters<typeof startPooler>[1]) {
  const place = await createDatabase();
  const { url, setMode } = await startPooler(place.location, mode);
  const behind: Place = { ...place, location: url };
  return { place, url, setMode, settings: settingsOf(behind) };
}

async function createKey(api: Client): Promise<{ key: Key; secret: string; projectId: string }> {
  const { id: projectId } = await api.call('createProject', { body: { name: 'Project' } });
  return { projectId, ...(await api.call('createKey', { params: { projectId }, body: { name: 'Key' } })) };
}

async function verify(api: Client, secret: string): Promise<string> {
  const { json } = await api.request('POST', '/v1/verify', { body: { key: secret } });
  return (json as VerifyAnswer).code;
}

async function hasLease(api: Client): Promise<boolean> {
  const { json } = await api.request('GET', '/readyz');
  return (json as { checks: { lease: { ok: boolean } } }).checks.lease.ok;
}
