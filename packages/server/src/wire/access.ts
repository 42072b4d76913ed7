import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { compileRanges, isAddressAllowed, normalizeAddress } from '../verification/address.ts';

/** Where requests come from, as far as it can be believed. */
export interface Access {
  /** The client's address: the first one, seen from here, that is no trusted proxy's. */
  addressOf(incoming: IncomingMessage): string;
  /** The last address in a list of hops that is no trusted proxy's; null when it holds none. */
  clientOf(hops: string): string | null;
  /** By which addresses it came, for whoever it is sent on to: what a client says of itself is left out. */
  hopsOf(incoming: IncomingMessage): string;
  /** Whether the browser speaks https, to us or to the proxy. */
  isSecure(incoming: IncomingMessage): boolean;
  /** Of this server's own pages, as the browser that sent a request sees them. */
  ownOrigin(incoming: IncomingMessage): string;
  /** Whether the page that sent a request is one of this server's own. */
  isOwnOrigin(incoming: IncomingMessage, origin: string): boolean;
}

interface AccessOptions {
  /** Addresses and ranges whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. */
  trustedProxies: readonly string[];
  /** As it was configured; null: whatever address a browser used. */
  publicUrl: string | null;
}

export function createAccess({ trustedProxies, publicUrl }: AccessOptions): Access {
  const trusted = compileRanges(trustedProxies);
  // Asked several times for each request, and most have none.
  const isTrusted = (address: string) => trustedProxies.length > 0 && isAddressAllowed(trusted, address);
  const publicOrigin = publicUrl === null ? null : new URL(publicUrl).origin;

  const isSecure = (incoming: IncomingMessage) => {
    if (publicOrigin?.startsWith('https:')) return true;
    return isTrusted(peerOf(incoming)) && lastOf(incoming.headers['x-forwarded-proto']) === 'https';
  };

  return {
    isSecure,

    addressOf(incoming) {
      let address = peerOf(incoming);
      const hops = listOf(incoming.headers['x-forwarded-for']);
      while (isTrusted(address)) {
        const next = hops.pop();
        // What a trusted proxy passes on that is no address tells nothing; the proxy itself is the last that is known.
        if (next === undefined || isIP(next) === 0) break;
        address = normalizeAddress(next);
      }
      return address;
    },

    hopsOf(incoming) {
      const peer = peerOf(incoming);
      const before = incoming.headers['x-forwarded-for'];
      return before !== undefined && isTrusted(peer) ? `${listOf(before).join(', ')}, ${peer}` : peer;
    },

    clientOf(hops) {
      let known: string | null = null;
      for (const hop of listOf(hops).reverse()) {
        if (isIP(hop) === 0) break;
        known = normalizeAddress(hop);
        if (!isTrusted(known)) break;
      }
      return known;
    },

    ownOrigin: (incoming) =>
      publicOrigin ??
      `${isSecure(incoming) ? 'https' : 'http'}://${incoming.headers.host?.toLowerCase() ?? ''}`,

    isOwnOrigin(incoming, origin) {
      if (publicOrigin !== null) return origin === publicOrigin;
      const host = incoming.headers.host?.toLowerCase();
      if (host === undefined) return false;
      return origin === `https://${host}` || (origin === `http://${host}` && !isSecure(incoming));
    },
  };
}

/** Who is at the other end of the connection. */
export function peerOf({ socket }: IncomingMessage): string {
  return normalizeAddress(socket.remoteAddress ?? '0.0.0.0');
}

function listOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text.split(',').map((part) => part.trim());
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return listOf(header).at(-1);
}
