import { randomFillSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The caller's request id, if it sent a sane one, so that both sides' logs can be laid side by side; else a new one. */
export function readRequestId({ headers }: IncomingMessage): string {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && sanePattern.test(sent) ? sent : newRequestId();
}

const sanePattern = /^[A-Za-z0-9._-]{1,128}$/;
const idBytes = 15;
// Filled 256 ids at a time: asking the operating system for each costs more than all the rest of making one.
const pool = Buffer.alloc(idBytes * 256);
let used = pool.length;

/** `req_` and 120 random bits. */
export function newRequestId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const id = pool.toString('base64url', used, used + idBytes);
  used += idBytes;
  return `req_${id}`;
}
