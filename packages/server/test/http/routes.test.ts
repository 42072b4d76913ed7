import {
  type Endpoint,
  type EndpointName,
  endpoints,
  type IdKind,
  idPrefixes,
  serviceKeyScopes,
} from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { generateSecret } from '../../src/keys/secret-format.ts';
import type { CallOptions } from '../support/client.ts';
import { address, readProblem } from '../support/client.ts';
import { type Installation, onBothEngines, type ServiceKeyClient } from '../support/installation.ts';
import { type EndpointCase, endpointCases } from './endpoint-cases.ts';
import { expectNoTrace, prepareRequest } from './refusals.ts';

/*
 * What every endpoint of the contract owes: it works with the one scope that it asks for, it refuses everything that it
 * must, and the ledger tells what it did. Loops over the contract's own list, so that no endpoint is left out.
 */

const names = Object.keys(endpoints) as EndpointName[];

test('every endpoint has a case, and every case an endpoint', () => {
  expect(Object.keys(endpointCases).sort()).toEqual([...names].sort());
});

onBothEngines((at) => {
  describe.each(names)('%s', (name) => {
    const endpoint: Endpoint = endpoints[name];
    const { rows = () => [], instanceOnly = false } = endpointCases[name] as EndpointCase<typeof name>;

    const neededScopes = [endpoint.scope ?? 'verify'];
    const begin = async () => {
      const { subject, projectId, ...request } = await prepareRequest(at, name);
      return { projectId, request, subject };
    };
    const callerWith = (projectId: string, scopes = neededScopes): Promise<ServiceKeyClient> =>
      at.createServiceKey(instanceOnly ? null : projectId, scopes);

    const { accountsOnly = false } = endpoint;

    if (accountsOnly)
      test('403 for service keys, whatever their scopes', async () => {
        const { projectId, request } = await begin();
        const callers = [at.admin, await at.createServiceKey(projectId)];
        await expectNoTrace(at, async () => {
          for (const caller of callers)
            expect(await caller.refuse(name, request)).toMatchObject({ status: 403, code: 'forbidden' });
        });
      });

    if (!accountsOnly)
      test(`${endpoint.status} with the scope that it asks for and no other, and its row in the ledger`, async () => {
        const { projectId, request, subject } = await begin();
        const caller = await callerWith(projectId);
        const before = await at.ledgerHead();
        const answer = await caller.call(name, request);
        const expected = rows({ ...request, ...(subject && { subject }) }, answer, projectId);
        const actor = {
          type: 'service_key',
          id: caller.id,
          name: expect.stringMatching(/^Service key-\d+$/),
        };
        const found = await at.ledgerSince(before);
        expect(found).toStrictEqual(
          expected.map((row, index) => ({
            seq: before + 1 + index,
            at: expect.any(String),
            hash: expect.any(String),
            actor,
            ...row,
          })),
        );
        for (const row of found) expect(Math.abs(Date.parse(row.at) - Date.now())).toBeLessThan(10_000);
      });

    if (!accountsOnly)
      test(`${endpoint.status} for the whole instance too`, async () => {
        const { request } = await begin();
        const caller = await at.createServiceKey(null, neededScopes);
        await caller.call(name, request);
      });

    test('400 for a query parameter that it does not know', async () => {
      const { projectId, request } = await begin();
      const caller = await callerWith(projectId);
      await expectNoTrace(at, async () => {
        const problem = await caller.refuse(name, { ...request, query: { nonsense: '1' } });
        expect(problem).toMatchObject({
          status: 400,
          code: 'validation_failed',
          errors: [{ path: 'nonsense', message: 'is not a parameter here' }],
        });
      });
    });

    if (endpoint.body !== undefined)
      test('400 for a body field that it does not know', async () => {
        const { projectId, request } = await begin();
        const caller = await callerWith(projectId);
        await expectNoTrace(at, async () => {
          const problem = await caller.refuse(name, {
            ...request,
            body: { ...Object(request.body), nonsense: 1 },
          });
          expect(problem).toMatchObject({
            status: 400,
            code: 'validation_failed',
            errors: [{ path: 'nonsense', message: 'is not a field here' }],
          });
        });
      });

    test('401 without a credential, and with a service key that nobody made', async () => {
      const { request } = await begin();
      await expectNoTrace(at, async () => {
        for (const key of [null, generateSecret('kws').reveal()]) {
          const answer = await at.as(key).send(name, request);
          expect(readProblem(answer)).toMatchObject({ status: 401, code: 'unauthenticated' });
          expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Bearer /);
        }
      });
    });

    if (endpoint.scope !== null)
      test('403 with every scope but the one that it asks for', async () => {
        const { projectId, request } = await begin();
        const others = serviceKeyScopes.filter((scope) => scope !== endpoint.scope);
        const caller = await callerWith(projectId, others);
        await expectNoTrace(at, async () => {
          const problem = await caller.refuse(name, request);
          expect(problem).toMatchObject({ status: 403, code: 'forbidden' });
          expect(problem.detail).toContain(`"${endpoint.scope}"`);
        });
      });

    const params = Object.keys(endpoint.params);

    if (instanceOnly && params.length === 0)
      test('403 with a key that is for one project, whatever its scopes', async () => {
        const { projectId, request } = await begin();
        const caller = await at.createServiceKey(projectId);
        await expectNoTrace(at, async () => {
          expect(await caller.refuse(name, request)).toMatchObject({ status: 403, code: 'forbidden' });
        });
      });

    if (params.length > 0)
      test('404 with a key of another project, though it exists', async () => {
        const { request } = await begin();
        const { id: elsewhere } = await at.createProject();
        const callers = [
          await at.createServiceKey(elsewhere),
          await at.createServiceKey(elsewhere, ['verify']),
        ];
        await expectNoTrace(at, async () => {
          for (const caller of callers) await expectNotFound(caller, name, request);
        });
        // It is there all the same, for those who may see it.
        await at.admin.call(name, request);
      });

    if (params.length > 0)
      test('404 for an id that nothing has, in the same words', async () => {
        const { projectId, request } = await begin();
        const { id: elsewhere } = await at.createProject();
        const stranger = await at.createServiceKey(elsewhere);
        const hidden = await stranger.refuse(name, request);
        for (const param of params) {
          const kind = param.replace(/Id$/, '') as IdKind;
          for (const caller of [at.admin, await at.createServiceKey(projectId)]) {
            const ids = { ...request.params, [param]: newId(kind, Date.now()) };
            const problem = await expectNotFound(caller, name, { ...request, params: ids });
            if (param === params[0]) expect(problem.detail).toBe(hidden.detail);
          }
        }
      });

    if (params.length > 0)
      test('404 for what is no id', async () => {
        const { request } = await begin();
        for (const param of params) {
          const id = request.params[param] ?? '';
          // What callers may choose has no prefix.
          const prefix: string | undefined = idPrefixes[param.replace(/Id$/, '') as IdKind];
          const others = Object.values(idPrefixes).filter(
            (other) => prefix !== undefined && other !== prefix,
          );
          const malformed = [
            ...others.map((other) => id.replace(prefix ?? '', other)),
            ...['x', '0', 'null', 'undefined', '*', '%', "'", "' OR 1=1 --", id.slice(0, -1), `${id}0`],
            ...[
              id.toUpperCase(),
              ` ${id}`,
              `${id} `,
              `${id}\0`,
              `${id}\n`,
              `${id}/`,
              id.replace('_', '-'),
              '\u{1f511}',
            ],
          ];
          await expectNoTrace(at, async () => {
            for (const text of malformed) {
              await expectNotFound(at.admin, name, {
                ...request,
                params: { ...request.params, [param]: text },
              });
            }
          });
        }
      });
  });

  const paths = Map.groupBy(Object.values<Endpoint>(endpoints), ({ path }) => path);
  test.each([...paths])('405 at %s for every other method', async (path, list) => {
    const allowed = list.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    const filled = path.replaceAll(/\{(\w+)Id\}/g, (_, kind: IdKind) => newId(kind, Date.now()));
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      if (allowed.includes(method)) continue;
      for (const caller of [at.admin, at.as(null)]) {
        const answer = await caller.request(method, address(filled), method === 'GET' ? {} : { body: {} });
        expect(readProblem(answer), `${method} ${path}`).toMatchObject({
          status: 405,
          code: 'method_not_allowed',
        });
        expect((answer.headers.get('Allow') ?? '').split(', ').sort()).toEqual([...allowed].sort());
      }
    }
  });

  describe('across projects, where an address or a body or a query names something', () => {
    const begin = async () => {
      const [own, other] = [await at.createProject(), await at.createProject()];
      return { own, other, caller: await at.createServiceKey(own.id) };
    };

    test('400 for a cursor of another project', async () => {
      const { own, other } = await begin();
      for (const { id } of [own, other]) for (let i = 0; i < 2; i++) await at.createKey(id);
      const { page } = await at.admin.call('listKeys', {
        params: { projectId: other.id },
        query: { limit: 1 },
      });
      for (const caller of [at.admin, await at.createServiceKey(own.id)]) {
        const query = { limit: 1, cursor: page.next ?? '' };
        const problem = await caller.refuse('listKeys', { params: { projectId: own.id }, query });
        expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'cursor' }] });
      }
    });

    test('a channel of another project is as unknown as one that does not exist: creating a key', async () => {
      const { own, other, caller } = await begin();
      const channel = await at.createChannel(other.id);
      const refusals = [];
      for (const channelId of [channel.id, newId('channel', Date.now())]) {
        const { requestId: _, ...problem } = await caller.refuse('createKey', {
          params: { projectId: own.id },
          body: { channelId },
        });
        expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'channelId' }] });
        refusals.push(problem);
      }
      expect(refusals[0]).toEqual(refusals[1]);
    });

    test('a channel of another project is as unknown as one that does not exist: verifying', async () => {
      const { own, other, caller } = await begin();
      const channel = await at.createChannel(other.id);
      const { secret } = await at.createKey(own.id);
      const refusals = [];
      for (const asked of [channel.id, channel.slug, newId('channel', Date.now()), 'no-such-channel']) {
        const { requestId: _, ...problem } = await caller.refuse('verify', {
          body: { key: secret, channel: asked },
        });
        refusals.push(problem);
      }
      for (const problem of refusals) expect(problem).toEqual(refusals[0]);
      expect(refusals[0]).toMatchObject({ code: 'validation_failed', errors: [{ path: 'channel' }] });
    });

    test('a filter by a channel of another project finds nothing', async () => {
      const { own, other, caller } = await begin();
      const channel = await at.createChannel(other.id);
      await at.createKey(other.id, { channelId: channel.id });
      await at.createKey(own.id);
      const query = { channelId: channel.id };
      const { items, page } = await caller.call('listKeys', { params: { projectId: own.id }, query });
      expect(items).toEqual([]);
      expect(page.total).toBe(0);
    });

    test('404 for the service keys of another project, and for making one there', async () => {
      const { other, caller } = await begin();
      const problem = await caller.refuse('listServiceKeys', { query: { projectId: other.id } });
      expect(problem).toMatchObject({ status: 404, code: 'not_found' });
      const body = { name: 'Spy', projectId: other.id, scopes: ['verify'] };
      await expectNoTrace(at, async () => {
        expect(await caller.refuse('createServiceKey', { body })).toMatchObject({ status: 404 });
      });
    });

    test('403 for making a service key for the instance, also when projectId is left out', async () => {
      const { caller } = await begin();
      await expectNoTrace(at, async () => {
        for (const projectId of [{ projectId: null }, {}]) {
          const body = { name: 'Spy', scopes: ['verify'], ...projectId };
          expect(await caller.refuse('createServiceKey', { body })).toMatchObject({ status: 403 });
        }
      });
    });

    test('404 for a service key of the instance', async () => {
      const { caller } = await begin();
      const { id } = await at.createServiceKey(null);
      await expectNoTrace(at, async () => {
        for (const name of ['rotateServiceKey', 'deleteServiceKey'] as const) {
          await expectNotFound(caller, name, { params: { serviceKeyId: id } });
        }
      });
    });

    test('lists hold only what is the caller’s to see', async () => {
      const { own, other, caller } = await begin();
      await at.createServiceKey(other.id);
      const projects = await caller.call('listProjects');
      expect(projects.items.map(({ id }) => id)).toEqual([own.id]);
      expect(projects.page).toMatchObject({ total: 1, next: null });
      const serviceKeys = await caller.call('listServiceKeys');
      expect(serviceKeys.items.map(({ id }) => id)).toEqual([caller.id]);
      expect(serviceKeys.page.total).toBe(1);
    });
  });
});

async function expectNotFound(
  caller: ServiceKeyClient | Installation['admin'],
  name: EndpointName,
  options: CallOptions<unknown>,
) {
  const problem = await caller.refuse(name, options);
  expect(problem, JSON.stringify(options.params)).toMatchObject({ status: 404, code: 'not_found' });
  return problem;
}
