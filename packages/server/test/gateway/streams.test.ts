import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { expectDenied } from './support/denied.ts';
import { bearer, behindEachProxy } from './support/guarded-api.ts';
import { expectIdentity } from './support/identity.ts';
import { valuesOf } from './support/send.ts';
import { partPauseMs } from './support/upstream.ts';

const megabyte = 1024 * 1024;

behindEachProxy((at) => {
  test('a large body reaches the API unharmed, and Keywright sees none of it', async () => {
    const { key, secret } = await at.createKey();
    const body = randomBytes(20 * megabyte);
    at.relay.bytes = 0;
    const answer = await at.send('/upload', { method: 'PUT', headers: [bearer(secret)], body });
    expect(answer.status, answer.text + at.proxy.logs()).toBe(200);
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(at.upstream.received).toMatchObject([{ method: 'PUT', bytes: body.length, sha256 }]);
    expectIdentity(at.upstream.received[0], key);
    expect(at.relay.bytes).toBeGreaterThan(0);
    expect(at.relay.bytes).toBeLessThan(4096);
  });

  test('a large body without a length too', async () => {
    const { secret } = await at.createKey();
    const body = randomBytes(5 * megabyte);
    at.relay.bytes = 0;
    const incoming = await open(at.proxy.url, '/upload', [bearer(secret)], body);
    expect(incoming.statusCode).toBe(200);
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(at.upstream.received).toMatchObject([{ method: 'POST', bytes: body.length, sha256 }]);
    expect(at.relay.bytes).toBeLessThan(4096);
  });

  test('a large body that is denied reaches nobody', async () => {
    at.relay.bytes = 0;
    const body = randomBytes(megabyte);
    const answer = await at.send('/upload', { method: 'PUT', headers: [bearer('none')], body });
    expectDenied(at, answer, 401, 'malformed');
    expect(at.relay.bytes).toBeLessThan(4096);
  });

  test('a response arrives while the API still sends', async () => {
    const { secret } = await at.createKey();
    const incoming = await open(at.proxy.url, '/parts', [bearer(secret)]);
    const [first] = (await once(incoming, 'data')) as [Buffer];
    const firstAt = performance.now();
    expect(first.toString()).toBe('one\n');
    const [last] = (await once(incoming, 'data')) as [Buffer];
    expect(last.toString()).toBe('two\n');
    expect(performance.now() - firstAt).toBeGreaterThan(partPauseMs / 2);
  });

  test('a request reaches the API while the client still sends', async () => {
    const { secret } = await at.createKey();
    const outgoing = request(`${at.proxy.url}/upload`, { method: 'POST', headers: { 'X-API-Key': secret } });
    onTestFinished(() => void outgoing.destroy());
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
    outgoing.write('first');
    await sleep(500);
    const begun = at.upstream.received[0]?.url;
    outgoing.end('last');
    await answered;
    expect(begun).toBe('/upload');
    expect(at.upstream.received).toMatchObject([{ bytes: 9 }]);
  });

  test('requests share connections, and each is decided about by itself', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const one = await at.createKey({ ownerId: 'one' });
    const other = await at.createKey({ ownerId: 'other', scopes: ['a'] });
    const connections = at.relay.connections;
    const ports = new Set<number | undefined>();
    for (let round = 0; round < 5; round++) {
      for (const { key, secret } of [one, other]) {
        at.upstream.forget();
        const answer = await at.send('/things', { headers: [bearer(secret)], agent });
        expect(answer.status).toBe(200);
        ports.add(answer.port);
        expectIdentity(at.upstream.received[0], key);
      }
      at.upstream.forget();
      const denied = await at.send('/things', { agent });
      expectDenied(at, denied, 401, 'malformed');
      ports.add(denied.port);
    }
    expect(ports.size).toBe(1);
    // Fifteen questions: a connection for each would be a round trip more for each request.
    expect(at.relay.connections - connections).toBeLessThan(5);
  });

  test('an upgraded connection goes both ways, for who may', async () => {
    const { key, secret } = await at.createKey();
    const ask = (headers: Record<string, string>) => {
      const upgrade = { Connection: 'X-Keywright-Key-Id, Upgrade', Upgrade: 'echo' };
      return request(`${at.proxy.url}/socket`, { headers: { ...upgrade, ...headers } }).end();
    };
    const [denied] = (await once(ask({}), 'response')) as [IncomingMessage];
    expect(denied.statusCode).toBe(401);
    denied.resume();
    expect(at.upstream.received).toEqual([]);
    const [incoming, socket] = (await once(ask({ 'X-API-Key': secret }), 'upgrade')) as [
      IncomingMessage,
      Duplex,
    ];
    onTestFinished(() => void socket.destroy());
    expect(incoming.statusCode).toBe(101);
    socket.write('hello');
    expect(String((await once(socket, 'data'))[0])).toBe('hello');
    const [received] = at.upstream.received;
    expectIdentity(received, key);
    expect(valuesOf(received, 'Connection').map((value) => value.toLowerCase())).toEqual(['upgrade']);
  });
});

async function open(url: string, path: string, headers: (readonly [string, string])[], body?: Uint8Array) {
  const outgoing = request(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: Object.fromEntries(headers),
  });
  onTestFinished(() => void outgoing.destroy());
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  if (body !== undefined) outgoing.write(body);
  outgoing.end();
  const [incoming] = await answered;
  return incoming;
}
