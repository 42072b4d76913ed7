import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { StartupError } from './startup-error.ts';

/** How long requests may take to end once the server is stopping. */
const drainMs = 4000;
/** How long connections stay open on which nobody asks: the next request may be on its way already. */
const idleMs = 250;

/** Each response now ends its connection. `http.Server.close` would besides end all idle ones at once. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  NetServer.prototype.close.call(server);
  const farewell = setTimeout(() => server.closeIdleConnections(), idleMs);
  const impatience = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(farewell);
  clearTimeout(impatience);
}

/** Where a server is to listen, and by which flags that is changed. */
export interface Place {
  host: string;
  port: number;
  hostFlag: string;
  portFlag: string;
}

/**
 * @returns the server's address
 * @throws StartupError with a sentence on what is in the way
 */
export async function listen(server: Server, place: Place): Promise<string> {
  const { host, port } = place;
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new StartupError(`Cannot listen on ${host} port ${port}: ${explain(error as Error, place)}.`);
  }
  return addressOf(server);
}

function explain({ code, message }: NodeJS.ErrnoException, { hostFlag, portFlag }: Place): string {
  const otherHost = `Set --${hostFlag} to an address of this machine, or to 0.0.0.0 for every one`;
  const otherPort = `Choose another with --${portFlag}, or 0 for a free one`;
  if (code === 'EADDRINUSE') return `another program listens there. ${otherPort}`;
  if (code === 'EADDRNOTAVAIL') return `this machine has no such address. ${otherHost}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the name leads to no address. ${otherHost}`;
  return `${message}. ${otherPort}`;
}

/**
 * The address by which programs on this machine reach a server that listens. One that listens on none that only this
 * machine has takes connections on a free port of loopback as well.
 */
export async function listenLocally(server: Server): Promise<{ url: string; close(): void }> {
  const url = new URL(addressOf(server));
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  if (/^(127(\.\d+){3}|\[::1\])$/.test(url.hostname)) return { url: url.origin, close() {} };
  const local = new NetServer((socket) => server.emit('connection', socket));
  local.listen({ host: '127.0.0.1', port: 0 });
  await once(local, 'listening');
  return { url: addressOf(local), close: () => void local.close() };
}

function addressOf(server: NetServer): string {
  const address = server.address() as AddressInfo;
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}
