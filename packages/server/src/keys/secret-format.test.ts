import { Console } from 'node:console';
import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { crc32 } from 'node:zlib';
import { secretPrefix } from '@keywright/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  displaySecret,
  generatePublicId,
  generateSecret,
  hashSecret,
  hasValidChecksum,
  Secret,
  secretHashBytes,
  secretHashFrom,
} from './secret-format.ts';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The checksum as the format describes it, by other means than the code under test. */
function checksumOf(body: string): string {
  let rest = BigInt(crc32(body));
  let text = '';
  for (let i = 0; i < 6; i++) {
    text = digits.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}

const prefixCharacter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789_');
const prefixes = fc
  .string({ unit: prefixCharacter, minLength: 2, maxLength: 10 })
  .filter((prefix) => secretPrefix.safeParse(prefix).success);
const secrets = prefixes.map((prefix) => generateSecret(prefix).reveal());

function replaceAt(text: string, index: number, character: string): string {
  return text.slice(0, index) + character + text.slice(index + 1);
}

describe('the checksum', () => {
  test.each([
    'kw_00000000000000000000000000000000000000000000000000000001JK99m',
    'kw_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz1Umg7n',
    'acme_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl0Yy0Bg',
    'kws_zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA983cmo7F',
    // A CRC that is small, and so is filled up with zeros, and one that is almost the largest.
    'kw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA11565000Gk7',
    'kw_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB1243564gfEPJ',
  ])('of %s is right', (secret) => {
    expect(checksumOf(secret.slice(0, 58))).toBe(secret.slice(58));
    expect(hasValidChecksum(secret)).toBe(true);
  });

  test('is the CRC-32 of zlib for any 58 characters of ASCII', () => {
    const ascii = fc.string({
      unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
      minLength: 58,
      maxLength: 58,
    });
    fc.assert(
      fc.property(ascii, (body) => hasValidChecksum(body + checksumOf(body))),
      { numRuns: 2000 },
    );
  });

  test('is the number of the CRC and no other that is equal to it in 32 bits', () => {
    const body = `kw_${'a'.repeat(55)}`;
    const write = (value: bigint) => {
      let text = '';
      for (let i = 0, rest = value; i < 6; i++, rest /= 62n) text = digits.charAt(Number(rest % 62n)) + text;
      return text;
    };
    expect(hasValidChecksum(body + write(BigInt(crc32(body))))).toBe(true);
    for (let more = 1n; more <= 12n; more++) {
      expect(hasValidChecksum(body + write(BigInt(crc32(body)) + (more << 32n)))).toBe(false);
    }
  });

  test('finds every change of a single character', () => {
    const secret = generateSecret('acme_live').reveal();
    for (let index = 0; index < secret.length; index++) {
      for (let code = 0; code < 128; code++) {
        const character = String.fromCharCode(code);
        const changed = replaceAt(secret, index, character);
        expect(hasValidChecksum(changed), inspect(changed)).toBe(changed === secret);
      }
    }
  });

  test('finds a single changed character in any secret', () => {
    fc.assert(
      fc.property(secrets, fc.nat(63), fc.constantFrom(...digits), (secret, index, character) => {
        const changed = replaceAt(secret, index, character);
        return hasValidChecksum(changed) === (changed === secret);
      }),
    );
  });

  test('finds two characters that changed places', () => {
    fc.assert(
      fc.property(secrets, fc.nat(57), fc.nat(57), (secret, a, b) => {
        const swapped = replaceAt(replaceAt(secret, a, secret.charAt(b)), b, secret.charAt(a));
        return hasValidChecksum(swapped) === (swapped === secret);
      }),
    );
  });

  test('finds what was cut off, left out or put in', () => {
    fc.assert(
      fc.property(secrets, fc.nat(63), fc.constantFrom(...digits), (secret, index, character) => {
        const wrong = [
          secret.slice(0, index),
          secret.slice(64 - index),
          secret.slice(0, index) + secret.slice(index + 1),
          secret.slice(0, index) + character + secret.slice(index),
          secret + character,
          character + secret,
          secret + secret,
          ` ${secret}`,
          `${secret}\n`,
        ];
        return wrong.every((text) => !hasValidChecksum(text));
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['63 characters', '0'.repeat(63)],
    ['64 zeros', '0'.repeat(64)],
    ['65 characters', '0'.repeat(65)],
    ['64 NULs', '\0'.repeat(64)],
    ['64 characters of one byte each beyond ASCII', 'é'.repeat(64)],
    ['64 lone surrogates', '\ud800'.repeat(64)],
    ['32 characters of two units each', '😀'.repeat(32)],
    ['a megabyte', 'a'.repeat(1_048_576)],
  ])('is not right for %s', (_, text) => {
    expect(hasValidChecksum(text)).toBe(false);
  });

  test('is not right with a character beyond ASCII, also one whose low bits are those of the right one', () => {
    const secret = generateSecret('kw').reveal();
    for (let index = 0; index < secret.length; index++) {
      const code = secret.charCodeAt(index);
      for (const other of [code + 0x80, code + 0x100, code + 0x1000, code + 0xff00, 0xd800, 0xdfff, 0xfeff]) {
        expect(hasValidChecksum(replaceAt(secret, index, String.fromCharCode(other)))).toBe(false);
      }
    }
  });

  test('is not right for any other string', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary', minLength: 64, maxLength: 64 }),
    );
    fc.assert(fc.property(any, (text) => !hasValidChecksum(text)));
  });
});

describe('a generated secret', () => {
  test('has exactly 64 characters, its prefix and a right checksum, whatever the policy has for a prefix', () => {
    fc.assert(
      fc.property(prefixes, (prefix) => {
        const secret = generateSecret(prefix).reveal();
        const random = secret.slice(prefix.length + 1, 58);
        expect(secret).toHaveLength(64);
        expect(secret.startsWith(`${prefix}_`)).toBe(true);
        expect(random).toMatch(/^[0-9A-Za-z]{47,55}$/);
        expect(secret.slice(58)).toBe(checksumOf(secret.slice(0, 58)));
        expect(hasValidChecksum(secret)).toBe(true);
      }),
    );
  });

  test('is one of its own among 100,000, and every character stands everywhere equally often', () => {
    const count = 100_000;
    const seen = new Set<string>();
    const uses = Array.from({ length: 55 }, () => new Map<string, number>());
    for (let i = 0; i < count; i++) {
      const secret = generateSecret('kw').reveal();
      const body = secret.slice(0, 58);
      if (secret.length !== 64 || secret.slice(58) !== checksumOf(body)) expect.fail(`malformed: ${secret}`);
      seen.add(secret);
      uses.forEach((at, place) => {
        const character = secret.charAt(3 + place);
        at.set(character, (at.get(character) ?? 0) + 1);
      });
    }
    expect(seen.size).toBe(count);

    // With 61 degrees of freedom, more than 140 comes by chance once in 20 million, more than 165 once in 10^10.
    for (const at of uses) expect(chiSquare(at, count)).toBeLessThan(165);
    const everywhere = new Map<string, number>();
    for (const at of uses) {
      for (const [character, used] of at) everywhere.set(character, (everywhere.get(character) ?? 0) + used);
    }
    expect(chiSquare(everywhere, count * 55)).toBeLessThan(140);
  });
});

function chiSquare(uses: ReadonlyMap<string, number>, total: number): number {
  const expected = total / digits.length;
  let sum = 0;
  for (const digit of digits) sum += ((uses.get(digit) ?? 0) - expected) ** 2 / expected;
  // What is not of the alphabet at all has no place to be counted in.
  for (const character of uses.keys()) if (!digits.includes(character)) return Number.POSITIVE_INFINITY;
  return sum;
}

test('the public half of a pair says so and is one of its own', () => {
  const ids = Array.from({ length: 1000 }, () => generatePublicId('acme_live'));
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^acme_live_pk_[0-9A-Za-z]{22}$/);
});

describe('the hash of a secret', () => {
  test('is its SHA-256, a byte for each character', () => {
    const text = 'kw_00000000000000000000000000000000000000000000000000000001JK99m';
    const bytes = createHash('sha256').update(text).digest();
    expect(hashSecret(text)).toHaveLength(32);
    expect(secretHashBytes(hashSecret(text))).toEqual(bytes);
  });

  test('comes back from the database as it went in, also out of the middle of a larger buffer', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const hash = hashSecret(text);
        const bytes = secretHashBytes(hash);
        const within = Buffer.concat([Buffer.alloc(3, 7), bytes, Buffer.alloc(5, 7)]).subarray(3, 35);
        expect(secretHashFrom(bytes)).toBe(hash);
        expect(secretHashFrom(within)).toBe(hash);
        expect(secretHashFrom(new Uint8Array(within))).toBe(hash);
      }),
    );
  });
});

describe('what lists show of a secret', () => {
  test.each([
    ['kw_00000000000000000000000000000000000000000000000000000001JK99m', 'kw_0000…K99m'],
    ['acme_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl0Yy0Bg', 'acme_live_0123…y0Bg'],
    ['abcdefghij_123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklxxxxxx', 'abcdefghij_1234…xxxx'],
  ])('%s is shown as %s', (secret, shown) => {
    expect(displaySecret(new Secret(secret))).toBe(shown);
  });

  test('is at most a prefix and eight characters, also of a secret that somebody made up', () => {
    const anywhere = fc.string({
      unit: fc.constantFrom(...digits, ...'_'.repeat(20)),
      minLength: 64,
      maxLength: 64,
    });
    fc.assert(fc.property(anywhere, (text) => displaySecret(new Secret(text)).length <= 10 + 1 + 4 + 1 + 4));
  });
});

describe('a Secret shows itself to nobody', () => {
  const secret = generateSecret('kw');
  const plain = secret.reveal();

  function print(method: 'log' | 'error' | 'table' | 'dir'): string {
    let output = '';
    const stream = new Writable({
      write(chunk, _, done) {
        output += String(chunk);
        done();
      },
    });
    const printer = new Console({ stdout: stream, stderr: stream });
    printer[method](secret);
    printer[method]({ deep: [{ secret }] });
    return output;
  }

  test.each<[string, () => string]>([
    ['String()', () => String(secret)],
    ['a template', () => `${secret}`],
    ['joining', () => [secret, secret].join(' ')],
    ['JSON', () => JSON.stringify({ secret, list: [secret] })],
    ['inspect', () => inspect({ secret }, { depth: null, showHidden: true, getters: true })],
    ['inspect without its own form', () => inspect(secret, { customInspect: false, showHidden: true })],
    ['format', () => format('%s %o %O %j %d %i %f', secret, secret, secret, secret, secret, secret, secret)],
    ['console.log', () => print('log')],
    ['console.error', () => print('error')],
    ['console.table', () => print('table')],
    ['console.dir', () => print('dir')],
    ['a structured clone', () => inspect(structuredClone(secret), { showHidden: true })],
    ['spreading', () => inspect({ ...secret }, { showHidden: true })],
    ['assigning', () => JSON.stringify(Object.assign({}, secret))],
    ['its keys', () => inspect(Reflect.ownKeys(secret)) + inspect(Object.entries(secret))],
    ['the cause of an error', () => inspect(new Error('no', { cause: secret }))],
    ['the text of an error', () => new Error(`cannot use ${secret}`).stack ?? ''],
  ])('through %s', (_, show) => {
    const shown = show();
    for (let at = 0; at + 6 <= plain.length; at++) expect(shown).not.toContain(plain.slice(at, at + 6));
  });

  test('but to who asks', () => {
    expect(new Secret('x').reveal()).toBe('x');
    expect([String(secret), JSON.stringify(secret), inspect(secret)]).toEqual([
      '[secret]',
      '"[secret]"',
      '[secret]',
    ]);
  });
});
