import { type IdKind, id, idPrefixes } from '@keywright/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from './id.ts';

const kinds = Object.keys(idPrefixes) as IdKind[];
const latest = Date.parse('9999-12-31T23:59:59.999Z');

test.each(kinds)('an id of a %s is one by the contract, and of no other kind', (kind) => {
  for (const now of [0, Date.UTC(2027, 0, 31), latest]) {
    for (let i = 0; i < 20; i++) {
      const made = newId(kind, now);
      expect(kinds.filter((other) => id(other).safeParse(made).success)).toEqual([kind]);
    }
  }
});

test('ids of different milliseconds sort by time', () => {
  const time = fc.nat(latest);
  fc.assert(
    fc.property(time, time, (a, b) => {
      fc.pre(a !== b);
      expect(newId('key', a) < newId('key', b)).toBe(a < b);
    }),
  );
});

test('ids of one millisecond differ, in all of their random characters', () => {
  const now = Date.UTC(2027, 0, 31);
  const made = Array.from({ length: 2000 }, () => newId('key', now));
  expect(new Set(made).size).toBe(made.length);
  for (let place = 14; place < 30; place++) {
    expect(new Set(made.map((one) => one.charAt(place))).size).toBe(32);
  }
});
