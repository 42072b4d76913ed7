import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { hashSecret, type SecretHash } from '../packages/server/src/keys/secret-format.ts';

/** A key that a benchmark makes up: always the same one for an index, however many there are. */
export interface MadeUpKey {
  id: string;
  name: string;
  ownerId: string;
  description: string | null;
  /** Which of the seeded channels, or null. */
  channel: number | null;
  status: 'active' | 'inactive' | 'revoked';
  scopes: string[];
  metadata: Record<string, string>;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
  hash: SecretHash;
}

/** Words that a benchmark searches for: in a fifth of the keys, and in none. */
export const frequentWord = 'production';
export const missingWord = 'no such thing';

const dayMs = 86_400_000;
/** The newest key is as old as this, the oldest two years more. */
const newest = Date.UTC(2026, 8, 1);
const places = ['Production', 'Staging', 'Preview', 'CI', 'Local'];
const programs = [
  'billing',
  'search',
  'maps',
  'reports',
  'webhooks',
  'mobile app',
  'sync',
  'exports',
  'chat',
  'edge',
];
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const base32 = '0123456789abcdefghjkmnpqrstvwxyz';

/** The secret of a made-up key: of the right form, with the right checksum. */
export function madeUpSecret(index: number): string {
  const body = `kw_${hash('sha256', `secret ${index}`)}`.slice(0, 58);
  let checksum = '';
  for (let rest = crc32(body), i = 0; i < 6; i++, rest = Math.floor(rest / 62)) {
    checksum = base62.charAt(rest % 62) + checksum;
  }
  return body + checksum;
}

/** @param count how many keys there are, over which their times are spread */
export function makeUpKey(index: number, count: number): MadeUpKey {
  const dice = Buffer.from(hash('sha256', `key ${index}`), 'hex');
  const chance = (place: number) => dice.readUInt16LE(place * 2) / 65_536;
  const createdAt = newest - 730 * dayMs + Math.floor((index / count) * 730 * dayMs);
  const state = chance(0);
  const expires = chance(1) < 0.3;
  return {
    id: makeUpId(createdAt, dice, index),
    name: `${pick(places, chance(2))} ${pick(programs, chance(3))} ${index}`,
    ownerId: chance(4) < 0.02 ? 'acme' : `user-${Math.floor((chance(5) * count) / 5)}`,
    description: chance(6) < 0.3 ? `Used by ${pick(programs, chance(7))} since spring` : null,
    channel: channelOf(chance(8)),
    status: state < 0.03 ? 'revoked' : state < 0.05 ? 'inactive' : 'active',
    scopes: chance(9) < 0.5 ? ['maps:read', 'maps:write'] : [],
    metadata: chance(10) < 0.3 ? { plan: 'pro', team: `team-${Math.floor(chance(11) * 500)}` } : {},
    createdAt,
    expiresAt: expires ? createdAt + 365 * dayMs : null,
    lastUsedAt:
      chance(12) < 0.6 ? createdAt + Math.floor(chance(13) * (newest + 30 * dayMs - createdAt)) : null,
    hash: hashSecret(madeUpSecret(index)),
  };
}

/** Four keys of ten are bound to the first channel, one of twenty to the second, one of a thousand to the third. */
function channelOf(chance: number): number | null {
  if (chance < 0.4) return 0;
  if (chance < 0.45) return 1;
  return chance < 0.451 ? 2 : null;
}

function pick(list: string[], chance: number): string {
  return list[Math.floor(chance * list.length)] ?? '';
}

/** As a real id: it sorts by time. The index makes those of the same millisecond sort too. */
function makeUpId(createdAt: number, dice: Buffer, index: number): string {
  let end = '';
  for (const byte of dice.subarray(20, 32)) end += base32.charAt(byte & 31);
  return `key_${inBase32(createdAt, 10)}${inBase32(index, 4)}${end}`;
}

function inBase32(value: number, length: number): string {
  let text = '';
  for (let rest = value, i = 0; i < length; i++, rest = Math.floor(rest / 32)) {
    text = base32.charAt(rest % 32) + text;
  }
  return text;
}
