// What stays open behind the gateway: bodies in both directions, event streams, WebSockets, and their end.
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { client } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';
import { head, sendRaw } from '../support/raw-connection.ts';
import { startService } from '../support/running-service.ts';
import { partPauseMs, type Received, startUpstream, type Upstream, valuesOf } from './support/upstream.ts';

/** A request whose response is read as it comes. */
async function open(url: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const sent = httpRequest(url, { headers, agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  return response;
}

async function listenAnywhere(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** When a stream has ended, in whichever way. */
function closed(stream: IncomingMessage | Socket): Promise<void> {
  return new Promise((resolve) => (stream.closed ? resolve() : stream.once('close', () => resolve())));
}

/** A connection on which a WebSocket was asked for, with what came back so far. */
async function openSocket(
  url: string,
  path: string,
  secret: string,
): Promise<{ socket: Socket; text(): string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  await once(socket, 'connect');
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: gateway',
    `Authorization: Bearer ${secret}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: chat',
    'X-Keywright-Key-Id: evil',
  ];
  // What follows at once belongs to the WebSocket already.
  socket.write(`${lines.join('\r\n')}\r\n\r\nearly`);
  await expect.poll(() => text).toContain('\r\n\r\n');
  return { socket, text: () => text };
}

onBothEngines((at) => {
  let upstream: Upstream;
  beforeAll(async () => {
    upstream = await startUpstream();
  });

  const setUp = async (body: Parameters<typeof at.createKey>[1] = {}) => {
    const { id: projectId } = await at.createProject();
    const { id: channelId, slug } = await at.createChannel(projectId, { upstream: upstream.url });
    const { key, secret } = await at.createKey(projectId, body);
    const url = `${at.service.gatewayUrl}/${slug}`;
    return { projectId, channelId, slug, key, secret, url, headers: { Authorization: `Bearer ${secret}` } };
  };

  test('a response goes on part by part, as it comes', async () => {
    const { url, headers } = await setUp();
    const response = await open(`${url}/parts`, headers);
    const parts: { text: string; at: number }[] = [];
    for await (const chunk of response) parts.push({ text: chunk.toString(), at: performance.now() });
    expect(parts.map(({ text }) => text)).toEqual(['one\n', 'two\n', 'three\n']);
    expect((parts[2]?.at ?? 0) - (parts[0]?.at ?? 0)).toBeGreaterThan(partPauseMs);
  });

  test('a body goes on while it is still being sent, and one that breaks off is no whole one behind', async () => {
    const { url, headers } = await setUp();
    const before = upstream.received.length;
    const sent = httpRequest(`${url}/upload`, { method: 'POST', headers, agent: false });
    sent.on('error', () => {});
    sent.write('a'.repeat(100_000));
    await expect.poll(() => upstream.received[before]?.bytes).toBe(100_000);
    sent.destroy();
    await sleep(200);
    expect(upstream.received[before]?.sha256).toBe('');
    expect(upstream.received.length).toBe(before + 1);
  });

  test('a client that waits for leave to send its body gets it when its key was looked at, and not before', async () => {
    const { url, headers } = await setUp();
    const send = async (credential: Record<string, string>) => {
      const sent = httpRequest(`${url}/upload`, {
        method: 'PUT',
        headers: { ...credential, Expect: '100-continue', 'Content-Length': '5' },
        agent: false,
      });
      let mayGoOn = false;
      sent.on('continue', () => {
        mayGoOn = true;
        sent.end('hello');
      });
      sent.flushHeaders();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      sent.destroy();
      return [mayGoOn, response.statusCode];
    };
    expect(await send(headers)).toEqual([true, 200]);
    expect(await send({})).toEqual([false, 401]);
  });

  test('what breaks off behind is broken off in front, and what goes away in front is let go behind', async () => {
    const { url, headers } = await setUp();
    const broken = await open(`${url}/broken`, headers);
    await expect(broken.toArray()).rejects.toThrow('aborted');
    const events = await open(`${url}/events`, headers);
    await once(events, 'data');
    expect(upstream.open()).toBe(1);
    events.destroy();
    await expect.poll(() => upstream.open()).toBe(0);
  });

  test('a WebSocket is joined with the upstream’s, with who asks', async () => {
    const { url, slug, secret, key } = await setUp();
    const { socket, text } = await openSocket(url, `/${slug}/chat?room=1`, secret);
    expect(text()).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(text()).toContain('Sec-WebSocket-Accept: x\r\n');
    expect(text()).toMatch(/X-Request-Id: req_/);
    await expect.poll(text).toMatch(/early$/);
    socket.write('more');
    await expect.poll(text).toMatch(/earlymore$/);
    const got = upstream.received.at(-1) as Received;
    expect(got.url).toBe('/chat?room=1');
    expect(valuesOf(got, 'x-keywright-key-id')).toEqual([key.id]);
    expect(valuesOf(got, 'authorization')).toEqual([]);
    expect(valuesOf(got, 'sec-websocket-protocol')).toEqual(['chat']);
    socket.end();
    await expect.poll(() => upstream.open()).toBe(0);
  });

  test('a WebSocket is refused without a key, and what the upstream refuses is passed back', async () => {
    const { url, slug, secret } = await setUp();
    const before = upstream.received.length;
    const refused = await openSocket(url, `/${slug}/chat`, 'nonsense');
    expect(refused.text()).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    await closed(refused.socket);
    expect(upstream.received.length).toBe(before);
    const teapot = await openSocket(url, `/${slug}/refuses`, secret);
    await closed(teapot.socket);
    expect(teapot.text()).toMatch(/^HTTP\/1\.1 418 Teapot\r\n/);
    expect(teapot.text()).toMatch(/no tea$/);
  });

  test('an upgrade to anything else is answered as if it were not asked for', async () => {
    const { slug, secret } = await setUp();
    const { responses } = await sendRaw(
      at.service.gatewayUrl,
      head(
        `GET /${slug}/x HTTP/1.1`,
        'Host: gateway',
        `Authorization: Bearer ${secret}`,
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABk',
      ),
    );
    expect(responses[0]?.status).toBe(200);
    const got = JSON.parse(responses[0]?.body ?? '') as Received;
    expect(valuesOf(got, 'upgrade')).toEqual([]);
    expect(valuesOf(got, 'http2-settings')).toEqual([]);
  });

  describe('when its key dies, what is open is broken off', () => {
    type Open = Awaited<ReturnType<typeof setUp>>;
    const deaths: [string, (opened: Open) => Promise<unknown>][] = [
      ['revoked', ({ key }) => at.admin.call('revokeKey', { params: { keyId: key.id }, body: {} })],
      ['deactivated', ({ key }) => at.admin.call('deactivateKey', { params: { keyId: key.id } })],
      ['deleted', ({ key }) => at.admin.call('deleteKey', { params: { keyId: key.id } })],
      [
        'rotated without overlap',
        ({ key }) => at.admin.call('rotateKey', { params: { keyId: key.id }, body: { overlapSeconds: 0 } }),
      ],
      [
        'bound to an address that it does not come from',
        ({ key }) =>
          at.admin.call('updateKey', { params: { keyId: key.id }, body: { ipAllow: ['203.0.113.9'] } }),
      ],
      [
        'its channel asks for a scope that it has not',
        ({ channelId }) =>
          at.admin.call('updateChannel', {
            params: { channelId },
            body: { gateway: { scopeRules: [{ method: '*', path: '/*', scopes: ['admin'] }] } },
          }),
      ],
      [
        'its channel is deleted',
        ({ channelId }) => at.admin.call('deleteChannel', { params: { channelId } }),
      ],
      [
        'its project is deleted',
        ({ projectId }) => at.admin.call('deleteProject', { params: { projectId } }),
      ],
    ];
    test.each(deaths)('%s', async (_, die) => {
      const opened = await setUp();
      const { url, slug, secret, headers } = opened;
      const events = await open(`${url}/events`, headers);
      await once(events, 'data');
      const { socket } = await openSocket(url, `/${slug}/chat`, secret);
      expect(upstream.open()).toBe(2);
      const ended = Promise.all([closed(events), closed(socket)]);
      await die(opened);
      await ended;
      await expect.poll(() => upstream.open()).toBe(0);
    });

    test('expired, without anybody doing anything', async () => {
      const { url, headers } = await setUp({ expiresAt: new Date(Date.now() + 3000).toISOString() });
      const events = await open(`${url}/events`, headers);
      await closed(events);
      await expect.poll(() => upstream.open()).toBe(0);
    });

    test('but not for what leaves it alive, nor for another key', async () => {
      const { url, headers, key, projectId } = await setUp();
      const events = await open(`${url}/events`, headers);
      const other = await at.createKey(projectId);
      await at.admin.call('updateKey', { params: { keyId: key.id }, body: { name: 'Renamed' } });
      await at.admin.call('rotateKey', { params: { keyId: key.id }, body: { overlapSeconds: 3600 } });
      await at.admin.call('revokeKey', { params: { keyId: other.key.id }, body: {} });
      await sleep(300);
      events.removeAllListeners('data');
      await once(events, 'data');
      expect(upstream.open()).toBe(1);
      events.destroy();
      await expect.poll(() => upstream.open()).toBe(0);
    });
  });
});

describe('an upstream', () => {
  let upstream: Upstream;
  beforeAll(async () => {
    upstream = await startUpstream();
  });

  test('that is down is told as 502, one that is too slow as 504, and it is tried again when it is back', async () => {
    const service = await startService({ env: { KEYWRIGHT_UPSTREAM_TIMEOUT: '1' } });
    const admin = client(service.url, service.bootstrapKey);
    const { id: projectId } = await admin.call('createProject', { body: { name: 'P' } });
    const own = await startUpstream();
    const make = (slug: string, url: string) =>
      admin.call('createChannel', { params: { projectId }, body: { slug, name: slug, upstream: url } });
    await make('slow', upstream.url);
    await make('down', own.url);
    await make('unknown', 'http://nowhere.invalid/');
    const { secret } = await admin.call('createKey', { params: { projectId }, body: {} });
    const get = async (path: string) => {
      const { status, headers } = await client(service.gatewayUrl, secret).request('GET', path);
      return [status, headers.get('X-Keywright-Code')];
    };
    expect(await get('/slow/silent')).toEqual([504, 'upstream_timeout']);
    expect(await get('/down/x')).toEqual([200, null]);
    await own.close();
    expect(await get('/down/x')).toEqual([502, 'upstream_unreachable']);
    expect(await get('/unknown/x')).toEqual([502, 'upstream_unreachable']);
    await service.stop();
    // Clients are told no more; why it was is in the log.
    const reasons = service
      .logs()
      .split('\n')
      .filter((line) => line.includes('no answer from an upstream'));
    expect(reasons.map((line) => JSON.parse(line))).toMatchObject([
      {
        channel: 'slow',
        code: 'upstream_timeout',
        reason: expect.stringContaining('UND_ERR_HEADERS_TIMEOUT'),
      },
      { channel: 'down', code: 'upstream_unreachable', reason: expect.stringContaining('ECONNREFUSED') },
      {
        channel: 'unknown',
        code: 'upstream_unreachable',
        reason: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
      },
    ]);
  });

  test('is sent nothing twice; only a connection that could not be made is tried again', async () => {
    const service = await startService();
    const admin = client(service.url, service.bootstrapKey);
    const { id: projectId } = await admin.call('createProject', { body: { name: 'P' } });
    const { secret } = await admin.call('createKey', { params: { projectId }, body: {} });
    const lead = (slug: string, port: number) =>
      admin.call('createChannel', {
        params: { projectId },
        body: { slug, name: slug, upstream: `http://127.0.0.1:${port}` },
      });
    const ask = (method: string, path: string) =>
      client(service.gatewayUrl, secret).request(method, path, method === 'POST' ? { raw: 'order' } : {});

    const heads: string[] = [];
    const breaking = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes) => {
        heads.push(bytes.toString('latin1').split(' ')[0] ?? '');
        socket.destroy();
      });
    });
    const port = await listenAnywhere(breaking);
    await lead('breaking', port);
    for (const method of ['GET', 'POST']) expect((await ask(method, '/breaking/x')).status).toBe(502);
    expect(heads).toEqual(['GET', 'POST']);
    breaking.close();
    await once(breaking, 'close');

    // Nobody listens where it leads, until a moment after the request has come.
    let requests = 0;
    const late = createServer((_, outgoing) => {
      requests++;
      outgoing.end('late');
    });
    const answering = ask('GET', '/breaking/x');
    await sleep(20);
    late.listen(port, '127.0.0.1');
    const { status, text } = await answering;
    expect([status, text, requests]).toEqual([200, 'late', 1]);
    late.closeAllConnections();
    late.close();
    await service.stop();
  });

  test('that says much at once is not read faster than its client reads', async () => {
    const service = await startService();
    const admin = client(service.url, service.bootstrapKey);
    const { id: projectId } = await admin.call('createProject', { body: { name: 'P' } });
    const { secret } = await admin.call('createKey', { params: { projectId }, body: {} });
    const total = 64 * 1024 * 1024;
    let sent = 0;
    const flood = createServer((_, outgoing) => {
      outgoing.writeHead(200, { 'Content-Length': String(total) });
      const chunk = Buffer.alloc(65_536);
      const push = () => {
        while (sent < total && !outgoing.destroyed) {
          sent += chunk.length;
          if (!outgoing.write(chunk)) {
            outgoing.once('drain', push);
            return;
          }
        }
        outgoing.end();
      };
      push();
    });
    const port = await listenAnywhere(flood);
    await admin.call('createChannel', {
      params: { projectId },
      body: { slug: 'flood', name: 'Flood', upstream: `http://127.0.0.1:${port}` },
    });
    const response = await open(`${service.gatewayUrl}/flood/x`, { Authorization: `Bearer ${secret}` });
    response.pause();
    await sleep(1000);
    // What lies in the buffers of sockets on the way, and no more.
    expect(sent).toBeLessThan(total / 2);
    let received = 0;
    for await (const chunk of response) received += chunk.length;
    expect(received).toBe(total);
    flood.close();
    await service.stop();
  });

  test('is stopped for after what is under way has ended, and WebSockets after a moment', async () => {
    const service = await startService();
    const admin = client(service.url, service.bootstrapKey);
    const { id: projectId } = await admin.call('createProject', { body: { name: 'P' } });
    await admin.call('createChannel', {
      params: { projectId },
      body: { slug: 'orders', name: 'Orders', upstream: upstream.url },
    });
    const { secret } = await admin.call('createKey', { params: { projectId }, body: {} });
    const slow = client(service.gatewayUrl, secret).request('GET', '/orders/slow-head');
    const { socket } = await openSocket(service.gatewayUrl, '/orders/chat', secret);
    await sleep(100);
    const [{ status, headers }, code] = await Promise.all([slow, service.stop(), closed(socket)]);
    expect([status, headers.get('Connection'), code]).toEqual([200, 'close', 0]);
    expect(upstream.open()).toBe(0);
  });
});
