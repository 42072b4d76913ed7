import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../verification/address.ts';

const forwardingHeader = /^(forwarded|via|x-real-ip|x-client-ip|x-forwarded-.+)$/;

/**
 * Whether a request comes from a program on this machine that speaks for itself. A proxy on this machine connects from
 * loopback too, but speaks for somebody else, and says so.
 */
export function isLocal({ socket, headers }: IncomingMessage): boolean {
  const address = socket.remoteAddress;
  if (address === undefined || Object.keys(headers).some((name) => forwardingHeader.test(name))) return false;
  return isLoopback(address);
}
