import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password-hash.ts';

test('a password fits its hash, and no other does', async () => {
  const hash = await hashPassword('a lamp beside the sea');
  expect(hash).toMatch(/^scrypt\$16384\$16\$1\$[\w-]{22}\$[\w-]{86}$/);
  expect(await verifyPassword('a lamp beside the sea', hash)).toBe(true);
  for (const other of ['a lamp beside the see', 'A lamp beside the sea', 'a lamp beside the sea ', '']) {
    expect(await verifyPassword(other, hash)).toBe(false);
  }
});

test('the same password has another hash each time', async () => {
  expect(await hashPassword('a lamp')).not.toBe(await hashPassword('a lamp'));
});

test('a letter is the same however a keyboard composes it', async () => {
  expect(await verifyPassword('Cafe\u0301 am Meer', await hashPassword('Caf\u00e9 am Meer'))).toBe(true);
});

test('a hash of another cost is still understood', async () => {
  const hash = 'scrypt$1024$8$1$c2FsdHNhbHRzYWx0c2FsdA$';
  const { scryptSync } = await import('node:crypto');
  const key = scryptSync('a lamp', 'saltsaltsaltsalt', 64, { N: 1024, r: 8, p: 1 }).toString('base64url');
  expect(await verifyPassword('a lamp', hash + key)).toBe(true);
  expect(await verifyPassword('a lamb', hash + key)).toBe(false);
});

test('what is no hash is a fault, not a password that fits', async () => {
  for (const hash of ['', 'plain', 'salt:key', 'scrypt$16384$16$1$c2FsdA$']) {
    await expect(verifyPassword('', hash)).rejects.toThrow();
  }
});

test('the thread goes on while passwords are hashed', async () => {
  const hashing = Promise.all(Array.from({ length: 6 }, () => hashPassword('a lamp')));
  let turns = 0;
  let isDone = false;
  void hashing.then(() => {
    isDone = true;
  });
  while (!isDone) {
    await new Promise(setImmediate);
    turns++;
  }
  expect(turns).toBeGreaterThan(100);
});
