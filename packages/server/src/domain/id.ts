import { randomBytes } from 'node:crypto';
import { type IdKind, idPrefixes } from '@keywright/contract';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A new id: the kind's prefix, then 10 characters of time and 16 of randomness in Crockford's base 32, as in a ULID.
 * Ids made in different milliseconds sort by time, so that a list in order of creation needs no index but the id's.
 */
export function newId(kind: IdKind, nowMs: number): string {
  let time = '';
  for (let rest = nowMs, i = 0; i < 10; i++, rest = Math.floor(rest / 32))
    time = alphabet.charAt(rest % 32) + time;
  let random = '';
  for (const byte of randomBytes(16)) random += alphabet.charAt(byte & 31);
  return `${idPrefixes[kind]}_${time}${random}`;
}
