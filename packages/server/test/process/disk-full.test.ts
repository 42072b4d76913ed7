import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Key, VerifyAnswer } from '@keywright/contract';
import { expect, test } from 'vitest';
import { readControl } from '../../src/cli/connection/control-file.ts';
import { type Answer, type Client, client } from '../support/client.ts';
import { startService } from '../support/running-service.ts';
import { createTemporaryDirectory } from './support/directory.ts';
import { keywright } from './support/program.ts';
import { nodeOptions, shortages } from './support/shortages.ts';

test.each(shortages)(
  '$what: changes are refused, all else goes on; when it has passed, all is well',
  async (shortage) => {
    const dataDir = shortage.makeDirectory();
    const service = await startService({ dataDir, env: { NODE_OPTIONS: nodeOptions } });
    const api = client(service.url, service.bootstrapKey);
    const { id: projectId } = await api.call('createProject', {
      body: { name: 'Project', policy: { maxKeysPerOwner: null } },
    });
    const change: Change = (name) =>
      api.request('POST', `/v1/projects/${projectId}/keys`, { body: { name, ownerId: 'owner' } });
    const before = await createKeys(change, 'before', 20);
    const [warm, cold, toRevoke] = before;
    expect(await codeOf(api, warm)).toBe('valid');

    const pass = shortage.begin(service.pid, dataDir);
    // What is already set aside for the log of changes is used up first.
    const { made, refused } = await createUntilRefused(change);
    for (const { status, json } of refused) {
      expect(status).toBe(503);
      expect(json).toMatchObject({ code: 'unavailable', detail: shortage.detail });
    }
    const revocation = await api.request('POST', `/v1/keys/${toRevoke?.key.id}/revoke`);
    expect(revocation).toMatchObject({ status: 503, json: { code: 'unavailable' } });
    // Still valid: it was said that nothing was changed.
    for (const key of [warm, cold, toRevoke]) expect(await codeOf(api, key)).toBe('valid');
    const list = () =>
      api.call('listKeys', { params: { projectId }, query: { sort: 'name', search: 'owner' } });
    expect((await list()).page.total).toBe(before.length + made.length);
    const readiness = async () => {
      const response = await fetch(`${service.url}/readyz`);
      return [response.status, await response.json()];
    };
    // Ready for verifications, which a balancer would end by taking the node out.
    expect(await readiness()).toMatchObject([
      200,
      { ready: true, checks: { database: { ok: true }, changes: { ok: false, detail: shortage.reason } } },
    ]);
    expect(await keywright(['audit', 'verify', '--data-dir', dataDir])).toMatchObject({ code: 0 });

    pass();
    // Though nobody changes anything.
    await expect
      .poll(readiness, { interval: 500, timeout: 30_000 })
      .toMatchObject([200, { checks: { changes: { ok: true } } }]);
    const after = await createKeys(change, 'after', 20);
    await api.call('revokeKey', { params: { keyId: toRevoke?.key.id ?? '' } });
    expect(await codeOf(api, toRevoke)).toBe('revoked');
    for (const key of [...made, ...after]) expect(await codeOf(api, key)).toBe('valid');
    const total = before.length + made.length + after.length;
    expect((await list()).page.total).toBe(total);
    expect(await service.stop()).toBe(0);
    const checked = await keywright(['audit', 'verify', '--data-dir', dataDir]);
    // One row for the bootstrap key, one for the project, one for the revocation.
    expect(checked).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(`^The chain holds: ${total + 3} rows`),
    });
    expect(service.logs()).not.toContain('"level":"fatal"');
  },
  90_000,
);

test.each(shortages)(
  '$what under the log: the server goes on, and its log too when it has passed',
  async (shortage) => {
    const disk = shortage.makeDirectory();
    mkdirSync(disk, { recursive: true });
    const [log, dataDir] = [join(disk, 'keywright.log'), createTemporaryDirectory()];
    const env = { KEYWRIGHT_DATA_DIR: dataDir, KEYWRIGHT_PORT: '0', NODE_OPTIONS: nodeOptions };
    const running = keywright(['serve'], { env, stdout: log, timeoutMs: 90_000 });
    await expect.poll(() => readFileSync(log, 'utf8')).toContain('"msg":"listening"');
    const lines = () => readFileSync(log, 'utf8').split('\n');
    const { url, gatewayUrl } = JSON.parse(lines().at(-2) ?? '');
    const pid = (await readControl(dataDir))?.pid ?? 0;
    // Each is a line of the log.
    const askGateway = async (path: string) => (await fetch(`${gatewayUrl}/${path}`)).status;

    const pass = shortage.begin(pid, disk);
    for (let count = 0; count < 100; count++) expect(await askGateway('lost')).toBe(404);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);

    pass();
    expect(await askGateway('told')).toBe(404);
    await expect.poll(lines).toContainEqual(expect.stringMatching(/^\{.*told.*\}$/));
    process.kill(pid, 'SIGTERM');
    expect(await running).toMatchObject({ code: 0, stderr: '' });
  },
);

type Change = (name: string) => Promise<Answer>;

interface Created {
  key: Key;
  secret: string;
}

async function createKeys(change: Change, name: string, count: number): Promise<Created[]> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, number) => change(`${name} ${number}`)),
  );
  return answers.map(({ status, text, json }) => {
    expect(status, text).toBe(201);
    return json as Created;
  });
}

/** Changes come in groups, so that some of each group have begun before the disk is full. */
async function createUntilRefused(change: Change): Promise<{ made: Created[]; refused: Answer[] }> {
  const made: Created[] = [];
  for (let round = 0; round < 300; round++) {
    const answers = await Promise.all(
      [0, 1, 2, 3, 4, 5, 6, 7].map((number) => change(`full ${round}-${number}`)),
    );
    made.push(...answers.filter(({ status }) => status === 201).map(({ json }) => json as Created));
    const refused = answers.filter(({ status }) => status !== 201);
    if (refused.length === answers.length) return { made, refused };
  }
  throw new Error('The disk never came to be full.');
}

async function codeOf(api: Client, created: Created | undefined): Promise<string> {
  const { json } = await api.request('POST', '/v1/verify', { body: { key: created?.secret } });
  return (json as VerifyAnswer).code;
}
