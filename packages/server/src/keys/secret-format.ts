import { hash, randomBytes } from 'node:crypto';

/**
 * The format of secrets: `prefix_`, random base62, and 6 characters of checksum; always 64 characters. The checksum is
 * CRC-32 (IEEE 802.3, as in zlib) over the ASCII of all that stands before, in base62, most significant digit first.
 * It lets a scanner, a client and the verification tell a typing error from a key without asking a database.
 */
export const secretLength = 64;
const checksumLength = 6;
export const maxPrefixLength = 10;
const bodyLength = secretLength - checksumLength;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A plaintext secret. The class exists so that it cannot slip into a log, an error or an answer by accident. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The plaintext, for the one answer that shows it. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** SHA-256 of a secret: 32 bytes, one per character (latin1). A string, because it is a key of maps on the hot path. */
export type SecretHash = string & { readonly __secretHash: never };

/** SHA-256 over the UTF-8 of a secret. */
export function hashSecret(secret: string): SecretHash {
  return hash('sha256', secret, 'binary') as SecretHash;
}

/** The 32 bytes of a hash, as databases keep them. */
export function secretHashBytes(secretHash: SecretHash): Buffer {
  return Buffer.from(secretHash, 'latin1');
}

export function secretHashFrom(bytes: Uint8Array): SecretHash {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1') as SecretHash;
}

/** @param hex 64 digits */
export function secretHashFromHex(hex: string): SecretHash {
  return secretHashFrom(Buffer.from(hex, 'hex'));
}

/** A new secret of exactly 64 characters. `prefix` is 2 to 10 characters, without its closing `_`. */
export function generateSecret(prefix: string): Secret {
  const start = `${prefix}_`;
  const body = start + randomBase62(bodyLength - start.length);
  return new Secret(body + encodeChecksum(crc32(body, bodyLength)));
}

/** The public half of a pair: not secret, shown in full, found by search. */
export function generatePublicId(prefix: string): string {
  return `${prefix}_pk_${randomBase62(22)}`;
}

/** What lists show of a secret: its prefix with 4 characters, and its last 4. */
export function displaySecret(secret: Secret): string {
  const value = secret.reveal();
  // Looked for no further than a prefix reaches: a secret that somebody made up may have one anywhere.
  const start = value.lastIndexOf('_', maxPrefixLength) + 1;
  return `${value.slice(0, start + 4)}…${value.slice(-4)}`;
}

/**
 * Whether a string has the length and the checksum of a secret, and nothing but ASCII. Costs no hash and no database.
 * What stands before the checksum is not held against the alphabet: only who means to gets such a checksum right.
 */
export function hasValidChecksum(value: string): boolean {
  if (value.length !== secretLength) return false;
  let checksum = 0;
  for (let i = bodyLength; i < secretLength; i++) {
    const code = value.charCodeAt(i);
    const digit = code < 128 ? (digitOf[code] ?? -1) : -1;
    if (digit < 0) return false;
    checksum = checksum * 62 + digit;
  }
  return crc32(value, bodyLength) === checksum;
}

/** Whether a string can be a secret that was issued elsewhere and imported here: 8 to 512 printable ASCII characters. */
export function couldBeImported(value: string): boolean {
  return value.length >= 8 && value.length <= 512 && /^[ -~]+$/.test(value);
}

/** Random characters without modulo bias: bytes of 248 and above (4 × 62) are thrown away. */
function randomBase62(length: number): string {
  let result = '';
  while (result.length < length) {
    for (const byte of randomBytes(length + 8)) {
      if (byte < 248 && result.length < length) result += alphabet.charAt(byte % 62);
    }
  }
  return result;
}

const digitOf = new Int8Array(128).fill(-1);
for (let i = 0; i < alphabet.length; i++) digitOf[alphabet.charCodeAt(i)] = i;

function encodeChecksum(checksum: number): string {
  let result = '';
  for (let rest = checksum, i = 0; i < checksumLength; i++, rest = Math.floor(rest / 62)) {
    result = alphabet.charAt(rest % 62) + result;
  }
  return result;
}

/** Tables for CRC-32 four bytes at a time ("slicing-by-4"): the check runs before every verification. */
const [crcTable0, crcTable1, crcTable2, crcTable3] = buildCrcTables();

function buildCrcTables() {
  const table = new Int32Array(256);
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    table[n] = value;
  }
  const shifted = (previous: Int32Array) =>
    previous.map((value) => (table[value & 255] as number) ^ (value >>> 8));
  const second = shifted(table);
  const third = shifted(second);
  return [table, second, third, shifted(third)] as const;
}

/** CRC-32 over the first `length` characters, each of which must be ASCII (else the result matches no checksum). */
function crc32(value: string, length: number): number {
  let crc = -1;
  let seen = 0;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    const a = value.charCodeAt(i);
    const b = value.charCodeAt(i + 1);
    const c = value.charCodeAt(i + 2);
    const d = value.charCodeAt(i + 3);
    seen |= a | b | c | d;
    crc ^= a | (b << 8) | (c << 16) | (d << 24);
    crc =
      (crcTable3[crc & 255] as number) ^
      (crcTable2[(crc >>> 8) & 255] as number) ^
      (crcTable1[(crc >>> 16) & 255] as number) ^
      (crcTable0[crc >>> 24] as number);
  }
  for (; i < length; i++) {
    const code = value.charCodeAt(i);
    seen |= code;
    crc = (crcTable0[(crc ^ code) & 255] as number) ^ (crc >>> 8);
  }
  return seen > 127 ? -1 : ~crc >>> 0;
}
