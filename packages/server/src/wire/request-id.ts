import { randomFillSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The caller's request id, if it sent a sane one, so that both logs can be laid side by side; else a new one. */
export function readRequestId({ headers }: IncomingMessage): string {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && sanePattern.test(sent) ? sent : newRequestId();
}

const sanePattern = /^[A-Za-z0-9._-]{1,128}$/;
const idBytes = 15;
const idLength = 20;
const idsPerPool = 256;
const bytes = Buffer.alloc(idBytes * idsPerPool);
// Random for many ids at once, as text already: asking and encoding for each would cost more than a look-up of a key.
let pool = '';
let used = 0;

/** `req_` and 120 random bits. */
export function newRequestId(): string {
  if (used === pool.length) {
    pool = randomFillSync(bytes).toString('base64url');
    used = 0;
  }
  used += idLength;
  return `req_${pool.slice(used - idLength, used)}`;
}
