import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../domain/error.ts';
import { Turns } from './turns.ts';

/** 32 MiB and some 50 ms for each guess. It is written into each hash, so that it can be raised later. */
const cost = { N: 16_384, r: 16, p: 1 };
const saltBytes = 16;
const keyBytes = 64;

/** The hash as it is kept: `scrypt$N$r$p$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Whether the password is the one of this hash. Takes as long whichever it is. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, N, r, p, salt = '', key = ''] = hash.split('$');
  if (scheme !== 'scrypt') throw new Error('this is not the hash of a password');
  const expected = Buffer.from(key, 'base64url');
  const options = { N: Number(N), r: Number(r), p: Number(p) };
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url'), options), expected);
}

/**
 * Hashing runs on the threads that files and name look-ups need too, of which there are four. What waits is some three
 * seconds of work: who comes later is told to come again, instead of waiting for an answer for minutes.
 */
const turns = new Turns({ maxRunning: 2, maxWaiting: 100 });

function derive(password: string, salt: Buffer, options: typeof cost): Promise<Buffer> {
  return turns.take(() => run(password, salt, { ...options, maxmem: 256 * options.N * options.r }), tooMany);
}

function tooMany(): DomainError {
  return new DomainError('rate_limited', {
    detail: 'Too many people sign in at this moment. Try again in a few seconds.',
    headers: { 'Retry-After': '5' },
  });
}

function run(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  // The same characters can be typed as different code points: which of them depends on the keyboard.
  const characters = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(characters, salt, keyBytes, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
