import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** What an API got of a request. */
export interface Received {
  method: string;
  /** The request target, byte for byte. */
  url: string;
  /** Names and values in turn, as they came. */
  rawHeaders: string[];
  bytes: number;
  sha256: string;
}

/** An API that answers with what it got, and remembers it. */
export interface Upstream {
  /** Host and port. */
  address: string;
  /** Since the last `forget`. */
  received: Received[];
  /** The targets of requests whose bodies may still be on their way. */
  begun: string[];
  forget(): void;
}

/** How long `/stream` waits between its two chunks. */
export const streamPauseMs = 1500;

export async function startUpstream(): Promise<Upstream> {
  const received: Received[] = [];
  const begun: string[] = [];
  const server = createServer((incoming, outgoing) => {
    begun.push(incoming.url ?? '');
    answer(incoming, outgoing, received).catch(() => outgoing.destroy());
  });
  server.on('upgrade', (incoming, socket) => {
    const { method = '', url = '', rawHeaders } = incoming;
    received.push({ method, url, rawHeaders, bytes: 0, sha256: '' });
    socket.on('error', () => {});
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    begun,
    forget() {
      received.length = 0;
      begun.length = 0;
    },
  };
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, received: Received[]) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  const { method = '', url = '', rawHeaders } = incoming;
  const report = { method, url, rawHeaders, bytes, sha256: hash.digest('hex') };
  received.push(report);
  // Answers of the API's own, which a proxy must not take for Keywright's.
  const asked = /^\/status\/(\d{3})/.exec(url)?.[1];
  outgoing.writeHead(asked === undefined ? 200 : Number(asked), {
    'Content-Type': 'application/json',
    'X-Api': 'yes',
    'X-Request-Id': 'of-the-api',
  });
  if (url.startsWith('/stream')) {
    outgoing.write('first\n');
    await sleep(streamPauseMs);
    outgoing.end('last\n');
  } else outgoing.end(JSON.stringify(report));
}
