import { randomUUID } from 'node:crypto';
import { type Endpoint, type EndpointName, endpoints, type Problem } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';
import { head, sendRaw } from '../support/raw-connection.ts';
import { endpointCases } from './endpoint-cases.ts';
import { expectNoTrace, prepareRequest } from './refusals.ts';

const repeatable = (Object.entries(endpoints) as [EndpointName, Endpoint][])
  .filter(([, { method, readOnly, accountsOnly }]) => method === 'POST' && !readOnly && !accountsOnly)
  .map(([name]) => name);

/** How long the wait at the barrier took is each time another number. */
function timeless({ json }: Answer): unknown {
  return JSON.parse(JSON.stringify(json), (name, value) => (name === 'elapsedMs' ? 0 : value));
}

onBothEngines((at) => {
  const under = (key: string) => ({ 'Idempotency-Key': key });

  describe.each(repeatable)('%s, sent again under the same key', (name) => {
    const endpoint: Endpoint = endpoints[name];

    test('has no second effect, and is answered the same, or refused when the answer held a secret', async () => {
      const { params, body } = await prepareRequest(at, name);
      const headers = under(randomUUID());
      const first = await at.admin.send(name, { params, body, headers });
      expect(first.status, first.text).toBe(endpoint.status);
      for (let i = 0; i < 2; i++) {
        await expectNoTrace(at, async () => {
          const again = await at.admin.send(name, { params, body, headers });
          if (endpoint.answersSecret) {
            expect(again.json).toMatchObject({
              status: 409,
              code: 'idempotency_replayed',
              ...idsIn(first, params),
            });
          } else {
            expect([again.status, timeless(again)]).toEqual([first.status, timeless(first)]);
          }
        });
      }
    });

    test('by another caller, or to another address, it is another request', async () => {
      const { params, body, projectId } = await prepareRequest(at, name);
      const headers = under(randomUUID());
      const first = await at.admin.send(name, { params, body, headers });
      expect(first.status, first.text).toBe(endpoint.status);
      const caller = await at.createServiceKey(endpointCases[name].instanceOnly ? null : projectId);
      const other = await caller.send(name, { params, body, headers });
      expect(other.json).not.toMatchObject({ code: expect.stringMatching(/^idempotency_/) });
      const elsewhere = await prepareRequest(at, name);
      if (JSON.stringify(elsewhere.params) !== JSON.stringify(params)) {
        const answer = await at.admin.send(name, { params: elsewhere.params, body: elsewhere.body, headers });
        expect(answer.status, answer.text).toBe(endpoint.status);
      }
    });

    test('with another body it is refused', async () => {
      const { params, body } = await prepareRequest(at, name);
      const headers = under(randomUUID());
      await at.admin.send(name, { params, body, headers });
      await expectNoTrace(at, async () => {
        const raw = ` ${JSON.stringify(body ?? {})}`;
        const { method, path } = endpoint;
        const filled = path.replaceAll(/\{(\w+)\}/g, (_, param: string) => params[param] ?? '');
        const again = await at.admin.request(method, filled, { raw, headers });
        expect(again.json).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
      });
    });
  });

  test('a refusal is not kept: once nothing stands in the way, the same request passes', async () => {
    const { id: projectId } = await at.createProject({ policy: { maxKeysPerOwner: 1 } });
    const params = { projectId };
    const first = await at.createKey(projectId, { ownerId: 'o' });
    const sent = { params, body: { ownerId: 'o', name: 'Second' }, headers: under('the same') };
    for (let i = 0; i < 2; i++)
      expect(await at.admin.refuse('createKey', sent)).toMatchObject({ code: 'key_limit_reached' });
    await at.admin.call('deleteKey', { params: { keyId: first.key.id } });
    const { key } = await at.admin.call('createKey', sent);
    expect(await at.admin.refuse('createKey', sent)).toMatchObject({
      code: 'idempotency_replayed',
      keyId: key.id,
    });
  });

  test('a change that found nothing to do is kept too', async () => {
    const { key } = await at.createKey((await at.createProject()).id);
    const sent = { params: { keyId: key.id }, headers: under('activate') };
    const first = await at.admin.call('activateKey', sent);
    await at.admin.call('deactivateKey', { params: sent.params });
    const again = await at.admin.call('activateKey', sent);
    expect(again.key).toEqual(first.key);
    expect((await at.admin.call('getKey', { params: sent.params })).status).toBe('inactive');
  });

  test('what only reads takes the header and pays no heed to it', async () => {
    const { params, body } = await prepareRequest(at, 'verifyBatch');
    const headers = under('one for all');
    for (const sent of [body, { requests: [{ key: 'x' }] }])
      expect((await at.admin.send('verifyBatch', { params, body: sent, headers })).status).toBe(200);
    expect((await at.admin.send('verify', { body: { key: 'x' }, headers: under('') })).status).toBe(200);
  });

  test.each([
    ['empty', ''],
    ['more than 255 characters', 'x'.repeat(256)],
    ['a tab', 'a\tb'],
    ['letters that are not ASCII', 'sch\u00fcssel'],
  ])('400 for a key that is %s', async (_, key) => {
    const { id: projectId } = await at.createProject();
    await expectNoTrace(at, async () => {
      const { responses } = await sendRaw(at.url, requestWith(projectId, `Idempotency-Key: ${key}`));
      expect(JSON.parse(responses[0]?.body ?? '')).toMatchObject({
        code: 'validation_failed',
        errors: [{ path: 'Idempotency-Key' }],
      });
    });
  });

  test('400 for two keys, also when they are the same', async () => {
    const { id: projectId } = await at.createProject();
    await expectNoTrace(at, async () => {
      const lines = ['Idempotency-Key: a', 'idempotency-key: a'];
      const { responses } = await sendRaw(at.url, requestWith(projectId, ...lines));
      expect(JSON.parse(responses[0]?.body ?? '')).toMatchObject({ errors: [{ path: 'Idempotency-Key' }] });
    });
  });

  test('255 characters of any printable kind are a key', async () => {
    const { id: projectId } = await at.createProject();
    const headers = under('~'.repeat(127) + '!'.repeat(128));
    await at.admin.call('createKey', { params: { projectId }, headers });
    expect(await at.admin.refuse('createKey', { params: { projectId }, headers })).toMatchObject({
      code: 'idempotency_replayed',
    });
  });

  test('of many at once one is made; the others are told that it runs, or that it is done', async () => {
    const { id: projectId } = await at.createProject();
    const keys = Array.from({ length: 400 }, (_, i) => ({ name: `Key ${i}`, sha256: randomHash() }));
    const sent = { params: { projectId }, body: { keys }, headers: under('at once') };
    const answers = await Promise.all(Array.from({ length: 6 }, () => at.admin.send('importKeys', sent)));
    const made = answers.filter(({ status }) => status === 201);
    const others = answers.filter(({ status }) => status !== 201);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    for (const { json } of others) expect((json as Problem).code).toBe('idempotency_conflict');
    expect(others.length).toBeGreaterThan(0);
    const { page } = await at.admin.call('listKeys', { params: { projectId } });
    expect(page.total).toBe(400);
    expect(await at.admin.call('importKeys', sent)).toEqual(made[0]?.json);
  });

  function requestWith(projectId: string, ...lines: string[]): Buffer {
    const request = head(
      `POST /v1/projects/${projectId}/keys HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${at.service.bootstrapKey}`,
      'Content-Type: application/json',
      'Content-Length: 2',
      ...lines,
    );
    return Buffer.from(`${request}{}`, 'latin1');
  }
});

function randomHash(): string {
  return Buffer.from(randomUUID().repeat(2).replaceAll('-', ''), 'hex').toString('hex').slice(0, 64);
}

/** The ids that the problem of a repetition must name. */
function idsIn({ json }: Answer, params: Record<string, string> = {}): Record<string, string> {
  const nouns = ['key', 'serviceKey', 'invitation'] as const;
  const answer = json as Partial<Record<(typeof nouns)[number], { id: string }>>;
  const found = nouns.flatMap((noun) => (answer[noun] ? [[`${noun}Id`, answer[noun].id]] : []));
  // A link for an account does not name it: whoever asks for one does.
  if (found.length === 0 && params.accountId) return { accountId: params.accountId };
  expect(found).toHaveLength(1);
  return Object.fromEntries(found);
}
