import { type Endpoint, type EndpointName, endpoints } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { address } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';
import { head, sendRaw } from '../support/raw-connection.ts';
import { control, sql } from './hostile-strings.ts';
import { once } from './once.ts';
import { expectRefused, expectSane, expectUnharmed, prepareRequest } from './refusals.ts';

/*
 * Whatever is sent, it is answered: by a success where it is fine, and else by a clear 4xx. Never by a 500, never by
 * silence, and never by doing something that was not asked for. At the end the server is as well as before.
 */

const names = Object.keys(endpoints) as EndpointName[];
const withQuery = names.filter((name) => (endpoints[name] as Endpoint).query !== undefined);

onBothEngines((at) => {
  describe.each(withQuery)('%s, its query', (name) => {
    const endpoint: Endpoint = endpoints[name];
    const params = Object.keys(endpoint.query?.shape ?? {});
    const path = once(async () => address(endpoint.path, (await prepareRequest(at, name)).params));
    const send = async (search: string) => at.admin.request(endpoint.method, `${await path()}?${search}`);

    test('400 for a parameter that is there twice', async () => {
      for (const param of params) {
        for (const search of [
          `${param}=1&${param}=1`,
          `${param}&${param}`,
          `${param}=1&%${hex(param)}${param.slice(1)}=2`,
        ]) {
          const problem = expectRefused(await send(search), 400, search);
          expect(problem.errors?.map((error) => error.path)).toEqual([param]);
        }
      }
    });

    test('400 for parameters that it does not know', async () => {
      for (const search of [
        ...[
          'nonsense',
          '__proto__=1',
          '__proto__[limit]=1',
          'constructor=1',
          'limit[]=1',
          'limit[0]=1',
          'limit.x=1',
        ],
        ...[
          'LIMIT=1',
          '=1',
          '%00=1',
          'limit%00=1',
          '%ff=1',
          'page=2',
          'offset=1',
          'projectid=x',
          'toString=1',
        ],
      ]) {
        expectRefused(await send(search), 400, search);
      }
    });

    test('values that mean something elsewhere mean nothing here', async () => {
      const values = [
        ...sql,
        ...control,
        '',
        ' ',
        '__proto__',
        '-1',
        '0',
        '1e400',
        'NaN',
        '[]',
        '{}',
        'null',
        '🔑',
      ];
      for (const param of params) {
        for (const value of [
          ...values.map(encodeLoosely),
          '%00',
          '%ff',
          '%zz',
          '%',
          '+',
          '%u0041',
          'a'.repeat(8000),
        ]) {
          expectSane(endpoint, await send(`${param}=${value}`), `${param}=${value}`);
        }
      }
    });

    test('a query of nothing but signs is none', async () => {
      for (const search of ['', '&', '&&&', '?']) expectSane(endpoint, await send(search), search);
    });
  });

  describe('addresses', () => {
    const get = (path: string, ...lines: string[]) => {
      const authorization = `Authorization: Bearer ${at.service.bootstrapKey}`;
      return sendRaw(
        at.url,
        head(`GET ${path} HTTP/1.1`, 'Host: x', authorization, 'Connection: close', ...lines),
      );
    };

    test('404 for a path with NUL, dots, doubled or encoded slashes, whatever it would mean decoded', async () => {
      const { id } = await at.createProject();
      for (const path of [
        ...[
          '/v1/keys/%00',
          '/v1/keys/key_%00',
          `/v1/projects/${id}%00`,
          `/v1/projects/${id}%2f`,
          `/v1//projects/${id}`,
        ],
        ...[
          '/v1/projects/../ledger',
          '/v1/projects/%2e%2e/ledger',
          '/v1/./projects',
          '/v1/projects/',
          '//v1/projects',
        ],
        ...[
          '/V1/projects',
          '/v1/Projects',
          '/v1/projects;x=1',
          '/v1/projects%20',
          '/v1/projects%',
          '/v1/projects/%zz',
        ],
        ...['/v1/keys/%ff', '/v1/keys/%ed%a0%80', '/v1/keys/%E2%82%28', '/v1/%70rojects'],
        ...[
          '/.env',
          '/.git/config',
          '/docs/../../package.json',
          '/docs/%2e%2e/%2e%2e/package.json',
          '/docs/..%2fx',
        ],
        ...[
          '/problems/%2e%2e',
          '/problems/__proto__',
          '/problems/toString',
          '/v1/keys/__proto__',
          '/v1/*',
          '/*',
        ],
      ]) {
        const { responses } = await get(path);
        expect(
          responses.map(({ status }) => status),
          path,
        ).toEqual([404]);
        expect(JSON.parse(responses[0]?.body ?? ''), path).toMatchObject({ code: 'not_found' });
      }
    });

    test('404 for an id of thousands of characters; longer heads than 16 KiB are no request at all', async () => {
      for (const length of [1000, 8000, 14_000]) {
        const { responses } = await get(`/v1/keys/${'a'.repeat(length)}`);
        expect(responses.map(({ status }) => status)).toEqual([404]);
      }
      for (const exchange of [
        await get(`/v1/keys/${'a'.repeat(20_000)}`),
        await get('/', `X: ${'a'.repeat(20_000)}`),
      ]) {
        expect(exchange.responses.map(({ status }) => status)).toEqual([431]);
        expect(exchange.isClosed).toBe(true);
      }
    });

    test('401 for more than one Authorization header, the same or not, in any spelling', async () => {
      const good = `Bearer ${at.service.bootstrapKey}`;
      for (const other of [good, 'Bearer x', '', 'Basic Og==']) {
        for (const name of ['Authorization', 'authorization', 'AUTHORIZATION']) {
          for (const path of ['/v1/projects', '/v1/ledger']) {
            const { responses } = await get(path, `${name}: ${other}`);
            expect(
              responses.map(({ status }) => status),
              `${name}: ${other.slice(0, 8)}`,
            ).toEqual([401]);
          }
        }
      }
      const body = '{"key":"x"}';
      const lines = [
        'POST /v1/verify HTTP/1.1',
        'Host: x',
        'Content-Type: application/json',
        'Connection: close',
      ];
      const length = `Content-Length: ${body.length}`;
      for (const second of [`Authorization: ${good}`, 'authorization: Bearer x']) {
        const request = head(...lines, length, `Authorization: ${good}`, second) + body;
        const { responses } = await sendRaw(at.url, request);
        expect(responses.map(({ status }) => status)).toEqual([401]);
      }
    });
  });

  test('after all this the server is ready, has logged no error, and does its work', () =>
    expectUnharmed(at));
});

/** As `encodeURIComponent`, which will not do it for lone surrogates. */
function encodeLoosely(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ed%a0%80';
}

function hex(text: string): string {
  return text.charCodeAt(0).toString(16);
}
