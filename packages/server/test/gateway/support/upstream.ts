import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** A request as an API behind a gateway received it. */
export interface Received {
  method: string;
  url: string;
  /** Names and values in turn, as they came. */
  rawHeaders: string[];
  /** Of the body. */
  bytes: number;
  sha256: string;
}

/** An API that answers with what it received, and some addresses that behave in their own way. */
export interface Upstream {
  url: string;
  /** Host and port. */
  address: string;
  /** All that reached it since the last `forget`, from its head on: what is known of a body is its part so far. */
  received: Received[];
  forget(): void;
  /** How many event streams and WebSockets are open. */
  open(): number;
  close(): Promise<void>;
}

/** How long `/parts` waits after each of its three parts. */
export const partPauseMs = 500;

/** Every header of this name, with `_` taken for `-`: as frameworks see them that cannot tell the two apart. */
export function valuesOf({ rawHeaders }: Pick<Received, 'rawHeaders'>, name: string): string[] {
  const wanted = name.toLowerCase();
  return rawHeaders.flatMap((header, i) =>
    i % 2 === 0 && header.toLowerCase().replaceAll('_', '-') === wanted ? [rawHeaders[i + 1] ?? ''] : [],
  );
}

/**
 * `/events` sends an event now and then for ever, `/slow-head` begins to answer after a second, `/silent` never,
 * `/parts` sends a body in three parts with pauses, `/broken` breaks off in the middle, `/many-headers` has two cookies and
 * headers for its connection, `/status/418` answers with that status. Whoever asks for an upgrade gets it, and an echo. It
 * is closed with the test file at the latest.
 */
export async function startUpstream(): Promise<Upstream> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let open = 0;
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  server.requestTimeout = 0;

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url = '', rawHeaders } = incoming;
    const request: Received = { method, url, rawHeaders, bytes: 0, sha256: '' };
    received.push(request);
    const path = url.split('?')[0];
    if (path === '/events') {
      open++;
      outgoing.once('close', () => open--);
      outgoing.writeHead(200, { 'Content-Type': 'text/event-stream' });
      outgoing.flushHeaders();
      while (!outgoing.destroyed) {
        outgoing.write('data: tick\n\n');
        await sleep(50);
      }
      return;
    }
    const hash = createHash('sha256');
    try {
      for await (const chunk of incoming) {
        request.bytes += chunk.length;
        hash.update(chunk);
      }
    } catch {
      return;
    }
    request.sha256 = hash.digest('hex');
    if (path === '/silent') return;
    if (path === '/slow-head') await sleep(1000);
    if (path === '/parts') {
      for (const part of ['one\n', 'two\n', 'three\n']) {
        outgoing.write(part);
        await sleep(partPauseMs);
      }
      outgoing.end();
      return;
    }
    if (path === '/broken') {
      outgoing.writeHead(200, { 'Content-Length': '100' });
      outgoing.write('half');
      await sleep(50);
      outgoing.destroy();
      return;
    }
    // Answers of the API's own, which nobody must take for Keywright's.
    outgoing.statusCode = Number(/^\/status\/(\d{3})/.exec(url)?.[1] ?? 200);
    outgoing.setHeader('Content-Type', 'application/json');
    outgoing.setHeader('X-Api', 'yes');
    if (path === '/many-headers') {
      outgoing.setHeader('Set-Cookie', ['a=1', 'b=2']);
      outgoing.setHeader('Connection', 'keep-alive, X-Hop');
      outgoing.setHeader('X-Hop', 'only for the next one');
      outgoing.setHeader('X-Request-Id', 'the-upstream-s-own');
    }
    outgoing.end(JSON.stringify(request));
  }

  server.on('upgrade', (incoming, socket, head) => {
    const { method = '', url = '', rawHeaders } = incoming;
    received.push({ method, url, rawHeaders, bytes: 0, sha256: '' });
    if (url.startsWith('/refuses')) {
      socket.end('HTTP/1.1 418 Teapot\r\nContent-Length: 6\r\nConnection: close\r\n\r\nno tea');
      return;
    }
    open++;
    socket.once('close', () => open--);
    socket.on('error', () => socket.destroy());
    const { upgrade } = incoming.headers;
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${upgrade}\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n`,
    );
    if (head.length > 0) socket.write(head);
    socket.on('data', (chunk) => socket.write(chunk));
    socket.once('end', () => socket.end());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  };
  afterAll(close);
  return {
    url: `http://127.0.0.1:${port}`,
    address: `127.0.0.1:${port}`,
    received,
    forget() {
      received.length = 0;
    },
    open: () => open,
    close,
  };
}
