import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type Endpoint, endpoints, problem } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { onBothEngines } from '../support/installation.ts';
import { head, type RawExchange, readRawProblem, sendRaw } from '../support/raw-connection.ts';
import { expectUnharmed } from './refusals.ts';

/*
 * HTTP as it comes over a socket: where two readers of the same bytes could disagree about where a request ends or what
 * it asks for, it is refused.
 */
onBothEngines(
  (at) => {
    const authorization = () => `Authorization: Bearer ${at.service.bootstrapKey}`;
    const statuses = ({ responses }: RawExchange) => responses.map(({ status }) => status);
    const json = 'Content-Type: application/json';
    const body = '{"key":"x"}';
    const length = `Content-Length: ${body.length}`;
    /** What a smuggler would like to be taken for a second request. */
    const smuggled = () =>
      head('POST /v1/projects HTTP/1.1', 'Host: x', authorization(), json, 'Content-Length: 20');

    /** Sends it, and checks that nothing in it was taken for a request that changes something. */
    const send = async (bytes: string | Uint8Array): Promise<RawExchange> => {
      const before = await at.ledgerHead();
      const exchange = await sendRaw(at.url, bytes);
      expect(await at.ledgerSince(before)).toEqual([]);
      return exchange;
    };

    describe('the ends of a request', () => {
      const begin = (path: string, ...lines: string[]) =>
        head(`POST ${path} HTTP/1.1`, 'Host: x', authorization(), json, ...lines);
      const chunked = '5\r\n{"key\r\n6\r\n":"x"}\r\n0\r\n\r\n';

      test.each(['/v1/verify', '/v1/verify/batch', '/v1/projects'])(
        '400 and an end for what has both a length and chunks, or two of either: %s',
        async (path) => {
          const secret = smuggled();
          for (const [lines, rest] of [
            [[length, 'Transfer-Encoding: chunked'], chunked],
            [['Transfer-Encoding: chunked', length], `0\r\n\r\n${secret}`],
            [['Transfer-Encoding: chunked', 'Content-Length: 0'], `0\r\n\r\n${secret}`],
            [['transfer-encoding: chunked', 'content-length: 5'], `0\r\n\r\n${secret}`],
            [[length, `Content-Length: ${body.length + 1}`], `${body}x`],
            [[length, 'Content-Length: 0'], body],
            [['Content-Length: 11, 0'], body],
            [['Content-Length: +11'], body],
            [['Content-Length: -1'], body],
            [['Content-Length: 0x0b'], body],
            [['Content-Length: 11 11'], body],
            [['Content-Length: 99999999999999999999999'], body],
            [['Transfer-Encoding: chunked, identity'], chunked],
            [['Transfer-Encoding: xchunked'], chunked],
            [['Transfer-Encoding : chunked'], chunked],
            [['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], chunked],
            [['Content-Length : 11'], body],
            [['Transfer-Encoding: chunked'], `zz\r\n${body}\r\n0\r\n\r\n`],
            [['Transfer-Encoding: chunked'], `-1\r\n${body}\r\n0\r\n\r\n`],
            [['Transfer-Encoding: chunked'], `b\r\n${body}0\r\n\r\n${secret}`],
            [['Transfer-Encoding: chunked'], `ffffffffffffffffff\r\n${body}\r\n0\r\n\r\n`],
          ] as const) {
            const exchange = await send(begin(path, ...lines) + rest);
            expect(statuses(exchange), lines.join(' | ')).toEqual([400]);
            expect(exchange.isClosed, lines.join(' | ')).toBe(true);
          }
        },
      );

      test('chunks by themselves are fine, also with an extension and a trailer', async () => {
        const close = 'Connection: close';
        for (const rest of [
          chunked,
          chunked.replace('5\r\n', '5;a=b\r\n'),
          chunked.replace(/0\r\n\r\n$/, '0\r\nX-Trailer: 1\r\n\r\n'),
        ]) {
          const exchange = await send(begin('/v1/verify', 'Transfer-Encoding: chunked', close) + rest);
          expect(statuses(exchange)).toEqual([200]);
        }
      });

      test('a trailer is no header: no credential comes in behind a body', async () => {
        const request = head(
          'POST /v1/verify HTTP/1.1',
          'Host: x',
          json,
          'Transfer-Encoding: chunked',
          'Connection: close',
        );
        const exchange = await send(
          request + chunked.replace(/0\r\n\r\n$/, `0\r\n${authorization()}\r\n\r\n`),
        );
        expect(statuses(exchange)).toEqual([401]);
      });

      test('requests one behind the other are each answered, in order', async () => {
        const ask = (id: string, ...more: string[]) =>
          begin('/v1/verify', length, `X-Request-Id: ${id}`, ...more) + body;
        const get = head(
          'GET /v1/projects?limit=1 HTTP/1.1',
          'Host: x',
          authorization(),
          'X-Request-Id: two',
        );
        const { responses } = await sendRaw(
          at.url,
          ask('one') + get + ask('three') + ask('four', 'Connection: close'),
        );
        expect(responses.map(({ status, headers }) => [status, headers.get('x-request-id')])).toEqual([
          [200, 'one'],
          [200, 'two'],
          [200, 'three'],
          [200, 'four'],
        ]);
      });

      test('the body of a refused request is not taken for the next one', async () => {
        const inner = `${head('GET /v1/ledger HTTP/1.1', 'Host: x', authorization())}`;
        const paths = ['/v1/verify', '/v1/projects', '/v1/nothing', '/v1/keys/x'];
        const types = [json, 'Content-Type: text/plain'];
        const requests = paths.flatMap((path) =>
          types.map((type) =>
            head(`POST ${path} HTTP/1.1`, 'Host: x', type, `Content-Length: ${inner.length}`),
          ),
        );
        for (const exchange of await Promise.all(requests.map((outer) => send(outer + inner)))) {
          expect(statuses(exchange)).toHaveLength(1);
          expect(statuses(exchange)[0]).toBeGreaterThanOrEqual(400);
        }
        const get = head('GET /healthz HTTP/1.1', 'Host: x', `Content-Length: ${inner.length}`);
        expect(statuses(await send(get + inner))).toEqual([200]);
      });

      test('a request that ends too early is dropped, and holds nobody up', async () => {
        const exchange = sendRaw(at.url, begin('/v1/verify', 'Content-Length: 100') + body, 500);
        expect((await at.admin.request('GET', '/healthz')).status).toBe(200);
        expect((await exchange).responses).toEqual([]);
      });
    });

    describe('the head of a request', () => {
      test('400 for what is no HTTP', async () => {
        for (const bytes of [
          ...['\0\0\0\0', 'hello\r\n\r\n', 'GET\r\n\r\n', 'GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n'],
          ...['get /healthz HTTP/1.1\r\nHost: x\r\n\r\n'],
          ...['GET /healthz HTTP/1.1\nHost: x\n\n', 'GET /healthz HTTP/1.1\r\nHost x\r\n\r\n'],
          ...['GET /healthz HTTP/1.1\r\n: x\r\n\r\n', 'GET /healthz HTTP/1.1\r\nHo st: x\r\n\r\n'],
          ...[
            'GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n',
            'GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n',
          ],
          ...['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
          ...['GET /healthz HTTP/1.1\r\n\r\n', 'GET /heal\x7fthz\0 HTTP/1.1\r\nHost: x\r\n\r\n'],
        ]) {
          const exchange = await send(bytes);
          expect(statuses(exchange), JSON.stringify(bytes)).toEqual([400]);
          expect(exchange.isClosed, JSON.stringify(bytes)).toBe(true);
        }
      });

      test.each<[string, string, number, string]>([
        ['no HTTP', 'hello\r\n\r\n', 400, 'validation_failed'],
        ['no Host', head('GET /healthz HTTP/1.1'), 400, 'validation_failed'],
        ['two Hosts', head('GET /healthz HTTP/1.1', 'Host: x', 'host: x'), 400, 'validation_failed'],
        [
          'no Host, and a body',
          `${head('POST /v1/verify HTTP/1.1', json, length)}${body}`,
          400,
          'validation_failed',
        ],
        [
          'headers of 20 kB',
          head('GET /healthz HTTP/1.1', 'Host: x', `X: ${'a'.repeat(20_000)}`),
          431,
          'validation_failed',
        ],
        [
          'another expectation',
          head('GET /healthz HTTP/1.1', 'Host: x', 'Expect: the-best'),
          417,
          'validation_failed',
        ],
        ['CONNECT', head('CONNECT x:443 HTTP/1.1', 'Host: x:443'), 405, 'method_not_allowed'],
      ])('what never comes to a route is answered as every error: %s', async (_, bytes, status, code) => {
        for (const url of [at.url, at.service.authUrl ?? '']) {
          const { responses, isClosed } = await sendRaw(url, bytes);
          expect([responses.length, isClosed]).toEqual([1, true]);
          const parsed = problem.parse(readRawProblem(responses[0]));
          expect(parsed).toMatchObject({ status, code, type: `${at.url}/problems/${code}` });
        }
      });

      test('a HEAD is refused without a body, also one that could not be read', async () => {
        const bad = [json, 'Transfer-Encoding: chunked'];
        for (const bytes of [
          head('HEAD healthz HTTP/1.1', 'Host: x'),
          head('HEAD /healthz HTTP/1.1'),
          `${head('HEAD /healthz HTTP/1.1', 'Host: x', ...bad)}zz\r\n`,
        ]) {
          const { responses } = await send(bytes);
          expect(responses).toMatchObject([{ body: '' }]);
          expect(responses[0]?.headers.get('cache-control')).toBe('no-store');
        }
      });

      test('its id is the caller’s, where one could be read', async () => {
        const lines = ['X-Request-Id: mine', json, 'Transfer-Encoding: chunked'];
        for (const bytes of [
          head('GET /healthz HTTP/1.1', 'X-Request-Id: mine'),
          `${head('POST /v1/verify HTTP/1.1', 'Host: x', authorization(), ...lines)}zz\r\n`,
        ]) {
          const { responses } = await send(bytes);
          expect(readRawProblem(responses[0])).toMatchObject({ status: 400, requestId: 'mine' });
        }
      });

      test('what comes behind a whole request does not take its answer away', async () => {
        const before = await at.ledgerHead();
        const change = '{"name":"Behind it comes what is no HTTP"}';
        const lines = [authorization(), json, `Content-Length: ${change.length}`, 'X-Request-Id: whole'];
        const request = head('POST /v1/projects HTTP/1.1', 'Host: x', ...lines) + change;
        const { responses, isClosed } = await sendRaw(at.url, `${request}hello\r\n\r\n`);
        expect(isClosed).toBe(true);
        expect(await at.ledgerSince(before)).toHaveLength(1);
        expect(responses).toMatchObject([{ status: 201 }]);
        expect(responses[0]?.headers.get('x-request-id')).toBe('whole');
      });

      test('a header that goes on in the next line is refused, also where it would hide a credential', async () => {
        for (const lines of [
          ['X: a', ' b'],
          ['X: a', '\tAuthorization: Bearer x'],
          ['Transfer-Encoding:', ' chunked'],
          [' X: a'],
        ]) {
          const exchange = await send(head('GET /healthz HTTP/1.1', 'Host: x', ...lines));
          expect(statuses(exchange), lines.join('|')).toEqual([400]);
        }
      });

      test('a target in absolute form is served as its path, whatever host it names', async () => {
        for (const host of [new URL(at.url).host, 'elsewhere.example']) {
          const line = `GET http://${host}/healthz?x=1 HTTP/1.1`;
          expect(statuses(await send(head(line, 'Host: x', 'Connection: close')))).toEqual([200]);
          const api = await send(
            head(`GET http://${host}/v1/projects HTTP/1.1`, 'Host: x', 'Connection: close'),
          );
          expect(statuses(api)).toEqual([401]);
        }
      });

      test('other targets lead nowhere', async () => {
        for (const target of [
          '*',
          'x',
          'http://',
          'http://x',
          'ftp://x/healthz',
          '?x',
          'x:80',
          'https:/healthz',
        ]) {
          const [status] = statuses(
            await send(head(`GET ${target} HTTP/1.1`, 'Host: x', 'Connection: close')),
          );
          expect([400, 404], target).toContain(status);
        }
        const options = await send(head('OPTIONS * HTTP/1.1', 'Host: x', 'Connection: close'));
        expect([400, 404]).toContain(statuses(options)[0]);
        const tunnel = await send(head('CONNECT 127.0.0.1:22 HTTP/1.1', 'Host: x'));
        expect(tunnel.isClosed).toBe(true);
        expect(statuses(tunnel).filter((status) => status < 300)).toEqual([]);
      });

      test('a strange Host changes nothing about the answer, but for being refused', async () => {
        for (const host of [
          'evil.example',
          'evil.example:99999',
          'a b',
          '"><script>',
          '',
          '127.0.0.1',
          '[::1]',
          'x@y',
        ]) {
          const { responses } = await send(
            head('GET /v1/nothing HTTP/1.1', `Host: ${host}`, 'Connection: close'),
          );
          expect(responses, host).toHaveLength(1);
          const [response] = responses;
          expect([400, 404], host).toContain(response?.status);
          expect(response?.body ?? '').not.toContain('evil');
          expect(response?.body ?? '').not.toContain('script');
        }
      });

      test('HTTP/1.0 is spoken, also without a Host', async () => {
        const exchange = await send('GET /healthz HTTP/1.0\r\n\r\n');
        expect([statuses(exchange), exchange.isClosed]).toEqual([[200], true]);
      });

      test('an upgrade to another protocol is not made', async () => {
        for (const lines of [
          ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'],
          ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'],
        ]) {
          const exchange = await send(head('GET /healthz HTTP/1.1', 'Host: x', ...lines));
          expect(statuses(exchange)).not.toContain(101);
        }
      });

      test('Expect: 100-continue is answered, and a body that is too large is refused before it comes', async () => {
        const start = (size: number) =>
          head(
            'POST /v1/verify HTTP/1.1',
            'Host: x',
            authorization(),
            json,
            `Content-Length: ${size}`,
            'Expect: 100-continue',
          );
        expect(statuses(await send(start(body.length)))).toEqual([100]);
        expect(statuses(await send(start(body.length) + body))).toEqual([100, 200]);
        expect(statuses(await send(start(2 ** 30))).at(-1)).toBe(413);
      });

      test('hundreds of headers are too many, or change nothing', async () => {
        const lines = Array.from({ length: 1000 }, (_, i) => `X-${i}: a`);
        const [status] = statuses(
          await send(head('GET /v1/projects HTTP/1.1', 'Host: x', ...lines, 'Connection: close')),
        );
        expect([401, 431]).toContain(status);
        // Node reads no more than 2000 headers: a credential must not fall off the end of its list.
        const short = Array.from({ length: 2100 }, () => 'a:');
        const late = await send(
          head('GET /v1/projects HTTP/1.1', 'Host: x', authorization(), ...short, authorization()),
        );
        expect([400, 401, 431]).toContain(statuses(late)[0]);
      });
    });

    describe('requests that are sent without waiting for answers', () => {
      const get = (path: string) => head(`GET ${path} HTTP/1.1`, 'Host: x');
      const create = () => {
        const content = JSON.stringify({ name: at.uniqueName('Hasty') });
        const lines = ['Host: x', authorization(), json, `Content-Length: ${content.length}`];
        return head('POST /v1/projects HTTP/1.1', ...lines) + content;
      };

      test('are served in turn', async () => {
        const before = await at.ledgerHead();
        const exchange = await sendRaw(at.url, `${get('/healthz').repeat(98)}${create()}${get('/nowhere')}`);
        expect(statuses(exchange)).toEqual([...Array.from({ length: 98 }, () => 200), 201, 404]);
        expect(await at.ledgerSince(before)).toHaveLength(1);
      });

      test('are not served for a client that does not take the answers', async () => {
        const before = await at.ledgerHead();
        const { hostname, port } = new URL(at.url);
        const socket = connect(Number(port), hostname);
        socket.on('error', () => {});
        socket.pause();
        await once(socket, 'connect');
        // More than fits into what the system keeps of a connection.
        socket.write(get('/v1/openapi.json').repeat(99) + create());
        await sleep(1000);
        expect(await at.ledgerSince(before)).toEqual([]);
        socket.destroy();
      });

      test('end their connection when they are too many', async () => {
        const { responses, isClosed } = await sendRaw(at.url, get('/healthz').repeat(1000));
        expect(isClosed).toBe(true);
        expect(responses.length).toBeLessThan(500);
      });
    });

    describe('methods', () => {
      const all = Object.values<Endpoint>(endpoints);

      test('a HEAD is answered as the GET, without its body', async () => {
        const gets = all.filter(({ method }) => method === 'GET');
        for (const { path } of gets) {
          const filled = path.replaceAll(/\{\w+\}/g, 'x');
          const [headed, got] = [
            await at.admin.request('HEAD', filled),
            await at.admin.request('GET', filled),
          ];
          expect([path, headed.status, headed.text]).toEqual([path, got.status, '']);
          expect(headed.headers.get('Content-Type')).toBe(got.headers.get('Content-Type'));
        }
        const stream = await at.admin.request('HEAD', '/v1/ledger', {
          headers: { Accept: 'application/x-ndjson' },
        });
        expect([stream.status, stream.text]).toEqual([200, '']);
        const request = head('HEAD /v1/projects HTTP/1.1', 'Host: x', authorization(), 'Connection: close');
        const { responses } = await send(request);
        expect(responses).toMatchObject([{ status: 200, body: '' }]);
      });

      test('OPTIONS and PUT are no methods of the API, and no page of another origin is let in', async () => {
        for (const { path } of all) {
          const filled = path.replaceAll(/\{\w+\}/g, 'x');
          for (const method of ['OPTIONS', 'PUT']) {
            const headers = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' };
            const answer = await at.admin.request(method, filled, { headers });
            expect([method, path, answer.status]).toEqual([method, path, 405]);
            expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual(
              [],
            );
          }
        }
      });

      test('a method in a header or a field is not another method', async () => {
        const { key } = await at.createKey((await at.createProject()).id);
        for (const name of ['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method']) {
          await at.admin.call('getKey', { params: { keyId: key.id }, headers: { [name]: 'DELETE' } });
        }
        expect(
          await at.admin.refuse('getKey', { params: { keyId: key.id }, query: { _method: 'DELETE' } }),
        ).toMatchObject({
          status: 400,
        });
        await at.admin.call('getKey', { params: { keyId: key.id } });
      });

      test('methods that nobody knows are refused', async () => {
        for (const method of ['BREW', 'PROPFIND', 'TRACE', 'QUERY', 'LINK']) {
          const [status] = statuses(
            await send(
              head(`${method} /v1/projects HTTP/1.1`, 'Host: x', authorization(), 'Connection: close'),
            ),
          );
          expect([400, 405], method).toContain(status);
        }
      });

      test('a body with a GET is not looked at; with a DELETE it is, and must be empty', async () => {
        const { key } = await at.createKey((await at.createProject()).id);
        const request = (method: string, content: string) =>
          head(
            `${method} /v1/keys/${key.id} HTTP/1.1`,
            'Host: x',
            authorization(),
            json,
            `Content-Length: ${content.length}`,
            'Connection: close',
          ) + content;
        expect(statuses(await sendRaw(at.url, request('GET', body)))).toEqual([200]);
        expect(statuses(await sendRaw(at.url, request('DELETE', body)))).toEqual([400]);
        expect(statuses(await sendRaw(at.url, request('GET', '')))).toEqual([200]);
        expect(statuses(await sendRaw(at.url, request('DELETE', '{}')))).toEqual([200]);
      });
    });

    test('a client that goes away in the middle of a body or of an answer is no error of the server’s', async () => {
      const { id } = await at.createProject();
      await Promise.all(Array.from({ length: 30 }, () => at.createKey(id)));
      const leave = async (bytes: string, untilAnswered: boolean) => {
        const { hostname, port } = new URL(at.url);
        const socket = connect(Number(port), hostname);
        await once(socket, 'connect');
        socket.write(bytes);
        await (untilAnswered ? once(socket, 'data') : nextTurn());
        socket.resetAndDestroy();
      };
      const ndjson = 'Accept: application/x-ndjson';
      const exporting = head('GET /v1/ledger HTTP/1.1', 'Host: x', authorization(), ndjson);
      const partial = (path: string, ...lines: string[]) =>
        head(`POST ${path} HTTP/1.1`, 'Host: x', authorization(), json, ...lines);
      for (let i = 0; i < 5; i++) {
        await Promise.all([
          leave(exporting, true),
          leave(exporting, false),
          leave(partial('/v1/verify', 'Content-Length: 100') + body, false),
          leave(partial('/v1/projects', 'Content-Length: 100') + body, false),
          leave(`${partial('/v1/projects', 'Transfer-Encoding: chunked')}5\r\n{"nam`, false),
          leave('GET /v1/ledg', false),
        ]);
      }
    });

    test('after all this the server is unharmed', () => expectUnharmed(at));
  },
  { env: { KEYWRIGHT_AUTH_PORT: '0' } },
);
