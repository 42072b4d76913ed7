// Bytes that no well-meaning client sends to the gateway, and a great many requests of all kinds.
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { onOneEngine } from '../support/installation.ts';
import { head, readRawProblem, sendRaw } from '../support/raw-connection.ts';
import { type Received, startUpstream, type Upstream } from './support/upstream.ts';

onOneEngine(
  (at) => {
    let upstream: Upstream;
    let slug = '';
    let secret = '';
    beforeAll(async () => {
      upstream = await startUpstream();
      const { id: projectId } = await at.createProject();
      slug = (await at.createChannel(projectId, { upstream: upstream.url })).slug;
      secret = (await at.createKey(projectId)).secret;
    });

    const lines = (...more: string[]) => [
      `POST /${slug}/raw HTTP/1.1`,
      'Host: gateway',
      `X-API-Key: ${secret}`,
      ...more,
    ];

    describe('is refused before anything reaches the upstream', () => {
      test.each<[string, () => string, number]>([
        [
          'both lengths',
          () => `${head(...lines('Content-Length: 5', 'Transfer-Encoding: chunked'))}0\r\n\r\n`,
          400,
        ],
        ['two lengths', () => `${head(...lines('Content-Length: 5', 'Content-Length: 6'))}hello`, 400],
        ['a length that is none', () => `${head(...lines('Content-Length: +5'))}hello`, 400],
        ['chunked twice', () => `${head(...lines('Transfer-Encoding: chunked, chunked'))}0\r\n\r\n`, 400],
        [
          'a coding that only looks like chunked',
          () => `${head(...lines('Transfer-Encoding: xchunked'))}5\r\nhello\r\n0\r\n\r\n`,
          400,
        ],
        ['another coding', () => `${head(...lines('Transfer-Encoding: gzip, x'))}0\r\n\r\n`, 400],
        ['a space before the colon', () => head(...lines('X-Evil : 1')), 400],
        ['a header without a colon', () => head(...lines('X-Evil')), 400],
        ['a NUL in a header', () => head(...lines('X-Evil: a\0b')), 400],
        ['a bare CR', () => head(...lines('X-Evil: a\rX-Keywright-Key-Id: evil')), 400],
        ['no Host', () => head(`GET /${slug}/raw HTTP/1.1`, `X-API-Key: ${secret}`), 400],
        ['headers of 20 kB', () => head(...lines(`X-Long: ${'a'.repeat(20_000)}`)), 431],
        ['no HTTP', () => 'hello\r\n\r\n', 400],
        ['two Hosts', () => head(...lines('Host: gateway', 'Content-Length: 0')), 400],
        [
          'no Host, for a WebSocket',
          () =>
            head(
              `GET /${slug}/raw HTTP/1.1`,
              `X-API-Key: ${secret}`,
              'Connection: Upgrade',
              'Upgrade: websocket',
            ),
          400,
        ],
        ['another expectation', () => head(...lines('Expect: the-best', 'Content-Length: 0')), 417],
        [
          'CONNECT',
          () => head('CONNECT 127.0.0.1:22 HTTP/1.1', 'Host: gateway', `X-API-Key: ${secret}`),
          405,
        ],
      ])('%s', async (_, bytes, status) => {
        expect((await expectRefused(bytes(), status)).isClosed).toBe(true);
      });

      test.each<[string, () => string, number]>([
        [
          'an address at another host',
          () => head(`GET http://upstream/${slug}/raw HTTP/1.1`, 'Host: gateway', `X-API-Key: ${secret}`),
          400,
        ],
        ['the server as a whole', () => head('OPTIONS * HTTP/1.1', 'Host: gateway'), 400],
      ])('%s, and another request may follow', async (_, bytes, status) => {
        expect((await expectRefused(bytes(), status)).isClosed).toBe(false);
      });
    });

    async function expectRefused(bytes: string, status: number) {
      const before = upstream.received.length;
      const exchange = await sendRaw(at.service.gatewayUrl, bytes);
      expect(exchange.responses).toHaveLength(1);
      const problem = readRawProblem(exchange.responses[0]);
      expect(problem).toMatchObject({ type: 'about:blank', status, title: expect.any(String) });
      expect(problem.requestId).toMatch(/^req_/);
      expect(exchange.responses[0]?.headers.get('x-keywright-code')).toBe(problem.code);
      expect(upstream.received.length).toBe(before);
      return exchange;
    }

    test('a request whose head does not come in time is told so, at each port', {
      timeout: 60_000,
    }, async () => {
      const waiting = [at.url, at.service.gatewayUrl].map((url) =>
        sendRaw(url, 'GET /x HTTP/1.1\r\n', 30_000),
      );
      for (const { responses, isClosed } of await Promise.all(waiting)) {
        expect([responses.length, isClosed]).toEqual([1, true]);
        expect(readRawProblem(responses[0])).toMatchObject({ status: 408 });
      }
    });

    test('an address at the host that the header names is served as its path', async () => {
      const { responses } = await sendRaw(
        at.service.gatewayUrl,
        head(`GET http://gateway/${slug}/raw?x=1 HTTP/1.1`, 'Host: gateway', `X-API-Key: ${secret}`),
      );
      expect(responses[0]?.status).toBe(200);
      expect(upstream.received.at(-1)).toMatchObject({ url: '/raw?x=1' });
    });

    test('a folded header line reaches nobody as another header', async () => {
      const before = upstream.received.length;
      const { responses } = await sendRaw(
        at.service.gatewayUrl,
        head(...lines('Content-Length: 0', 'X-Folded: a', ' X-Keywright-Key-Id: evil')),
      );
      const got = upstream.received.slice(before);
      if (responses[0]?.status === 400) expect(got).toEqual([]);
      else
        for (const { rawHeaders } of got)
          expect(rawHeaders.filter((text) => /[\r\n]/.test(text))).toEqual([]);
      for (const { rawHeaders } of got)
        expect(rawHeaders.filter((text, i) => i % 2 === 1 && text.startsWith('evil'))).toEqual([]);
    });

    test('pipelined requests are answered in turn, each by its own key', async () => {
      const get = (path: string, key: string) =>
        head(`GET /${slug}${path} HTTP/1.1`, 'Host: gateway', `X-API-Key: ${key}`);
      const { responses } = await sendRaw(
        at.service.gatewayUrl,
        get('/slow-head', secret) + get('/second', 'nonsense') + get('/third', secret),
      );
      expect(responses.map(({ status }) => status)).toEqual([200, 401, 200]);
      expect((JSON.parse(responses[2]?.body ?? '') as Received).url).toBe('/third');
    });

    test('what follows a refused request on its connection is no request of the client’s body', async () => {
      const before = upstream.received.length;
      const smuggled = head(`GET /${slug}/smuggled HTTP/1.1`, 'Host: gateway', `X-API-Key: ${secret}`);
      const { responses } = await sendRaw(
        at.service.gatewayUrl,
        head(`POST /${slug}/x HTTP/1.1`, 'Host: gateway', `Content-Length: ${smuggled.length}`) + smuggled,
      );
      expect(responses.map(({ status }) => status)).toEqual([401]);
      expect(upstream.received.length).toBe(before);
    });

    test('a client that sends its head or its body slowly holds up nobody else', async () => {
      const { hostname, port } = new URL(at.service.gatewayUrl);
      const slow = await Promise.all(
        Array.from({ length: 50 }, async (_, i) => {
          const socket = connect(Number(port), hostname);
          socket.on('error', () => {});
          await once(socket, 'connect');
          socket.write(i % 2 ? 'GET / HTTP/1.1\r\nHost' : head(...lines('Content-Length: 1000')).concat('a'));
          return socket;
        }),
      );
      const { responses } = await sendRaw(at.service.gatewayUrl, head(...lines('Content-Length: 0')));
      expect(responses[0]?.status).toBe(200);
      for (const socket of slow) socket.destroy();
    });

    test('100,000 requests of all kinds leave no connection and no memory behind', {
      timeout: 600_000,
    }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 40 });
      const statuses = new Map<number, number>();
      const one = (i: number) => sendOne(agent, kindOf(i));
      const run = async (from: number, to: number) => {
        let next = from;
        const worker = async () => {
          while (next < to) {
            const status = await one(next++);
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          }
        };
        await Promise.all(Array.from({ length: 40 }, worker));
      };
      await run(0, 20_000);
      upstream.received.length = 0;
      const before = await readMetrics();
      await run(20_000, 100_000);
      upstream.received.length = 0;
      agent.destroy();
      expect([...statuses.keys()].sort()).toEqual([0, 200, 400, 401, 404]);
      expect(statuses.get(200)).toBeGreaterThan(50_000);
      await expect.poll(() => upstream.open(), { timeout: 15_000 }).toBe(0);
      // What it still holds of connections and files is what it held after the first ones, or less.
      await expect
        .poll(async () => (await readMetrics()).handles, { timeout: 30_000 })
        .toBeLessThan(before.handles + 60);
      const after = await readMetrics();
      expect(after.residentBytes / before.residentBytes).toBeLessThan(2);
      expect(at.errorLines()).toEqual([]);

      function kindOf(i: number): RequestOptions & { payload?: string; abort?: boolean } {
        const headers = { 'X-API-Key': secret };
        const path = (name: string) => `/${slug}/${name}`;
        if (i % 50 === 1) return { path: path('events'), headers, abort: true };
        if (i % 50 === 2)
          return {
            path: path('x'),
            method: 'POST',
            headers: { ...headers, 'Content-Length': '9000' },
            payload: 'x',
            abort: true,
          };
        if (i % 10 === 3) return { path: path('x') };
        if (i % 10 === 4) return { path: path('x'), headers: { 'X-API-Key': `${secret.slice(0, -1)}-` } };
        if (i % 10 === 5) return { path: '/nowhere-here/x', headers };
        if (i % 10 === 6) return { path: path('a%2fb'), headers };
        if (i % 10 === 7) return { path: path('x'), method: 'PUT', headers, payload: 'y'.repeat(2000) };
        return { path: path('x?y=1'), headers };
      }
    });

    /** Answers the status; 0 for one that was broken off. */
    async function sendOne(
      agent: Agent,
      { payload, abort = false, ...options }: RequestOptions & { payload?: string; abort?: boolean },
    ): Promise<number> {
      const { hostname, port } = new URL(at.service.gatewayUrl);
      const sent = httpRequest({ ...options, hostname, port, ...(abort ? { agent: false } : { agent }) });
      const failed = new Promise<null>((resolve) => sent.once('error', () => resolve(null)));
      if (payload !== undefined) sent.write(payload);
      if (abort) {
        sent.flushHeaders();
        await sleep(20);
        sent.destroy();
        return 0;
      }
      sent.end();
      const response = await Promise.race([
        failed,
        once(sent, 'response').then(([found]) => found as IncomingMessage),
      ]);
      if (response === null) return 0;
      for await (const _ of response) void _;
      return response.statusCode ?? 0;
    }

    async function readMetrics(): Promise<{ handles: number; residentBytes: number }> {
      const text = await (await fetch(`${at.url}/metrics`)).text();
      const read = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
      return { handles: read('process_open_fds'), residentBytes: read('process_resident_memory_bytes') };
    }
  },
  { env: { KEYWRIGHT_ACCESS_LOG: 'off' } },
);
