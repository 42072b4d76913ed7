import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

/**
 * Whether a request comes from a program on this machine that speaks for itself. A proxy on this machine connects from
 * loopback too, but speaks for somebody else, and says so.
 */
export function isLocal({ socket, headers }: IncomingMessage): boolean {
  const address = socket.remoteAddress;
  if (address === undefined || forwardingHeaders.some((name) => headers[name] !== undefined)) return false;
  return loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
