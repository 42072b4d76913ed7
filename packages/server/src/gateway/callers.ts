import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Secret } from '../keys/secret-format.ts';
import { compileRanges, isAddressAllowed, loopbackRanges } from '../verification/address.ts';
import { peerOf } from '../wire/access.ts';

interface CallerOptions {
  /** Null: loopback, or everybody where there is a token. */
  ranges: readonly string[] | null;
  token: Secret | null;
}

/**
 * Who may ask whether requests may pass. Whoever may can try keys as fast as this server answers, use up other people's
 * limits, and say that a request came from any address: so it is the proxies alone. The address is the connection's own,
 * never a header's.
 */
export function createCallerCheck({ ranges, token }: CallerOptions): (incoming: IncomingMessage) => boolean {
  const allowed = ranges === null && token !== null ? null : compileRanges(ranges ?? loopbackRanges);
  const wanted = token === null ? null : digest(token.reveal());
  return (incoming) => {
    if (allowed !== null && !isAddressAllowed(allowed, peerOf(incoming))) return false;
    if (wanted === null) return true;
    const given = incoming.headers['x-keywright-token'];
    return typeof given === 'string' && timingSafeEqual(digest(given), wanted);
  };
}

/** Both sides get the same length, so that the comparison tells nothing by its time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
