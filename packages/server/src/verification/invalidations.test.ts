import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Invalidations } from './invalidations.ts';

function addRows(invalidations: Invalidations, ids: string[], firstSeq: number): void {
  for (const [index, id] of ids.entries()) invalidations.add(id, firstSeq + index);
}

test('tells what was invalidated after a row, and what was not', () => {
  const invalidations = new Invalidations();
  invalidations.add('key_1', 5);
  expect(invalidations.hasSince('key_1', 4)).toBe(true);
  expect(invalidations.hasSince('key_1', 5)).toBe(false);
  expect(invalidations.hasSince('key_1', 6)).toBe(false);
  expect(invalidations.hasSince('key_2', 0)).toBe(false);
  expect(invalidations.hasSince(null, 0)).toBe(false);
});

test('knows the last row of an id', () => {
  const invalidations = new Invalidations();
  for (const seq of [5, 9]) invalidations.add('key_1', seq);
  expect(invalidations.hasSince('key_1', 8)).toBe(true);
  expect(invalidations.hasSince('key_1', 9)).toBe(false);
});

test('takes everything for invalidated that began before what it has forgotten', () => {
  const invalidations = new Invalidations(2);
  addRows(invalidations, ['a', 'b', 'c'], 1);
  expect(invalidations.hasSince('a', 0)).toBe(true);
  expect(invalidations.hasSince('never seen', 0)).toBe(true);
  expect(invalidations.hasSince(null, 0)).toBe(true);
  // Row 1 is the one that was forgotten.
  expect(invalidations.hasSince('a', 1)).toBe(false);
  expect(invalidations.hasSince('b', 1)).toBe(true);
  expect(invalidations.hasSince('c', 1)).toBe(true);
});

test('an id that comes again is as young as its last row', () => {
  const invalidations = new Invalidations(2);
  addRows(invalidations, ['a', 'b', 'a', 'c'], 1);
  expect(invalidations.hasSince('a', 2)).toBe(true);
  expect(invalidations.hasSince('x', 1)).toBe(true);
  expect(invalidations.hasSince('x', 2)).toBe(false);
});

test('forgets all of another ledger, whose numbers may be lower', () => {
  const invalidations = new Invalidations(2);
  addRows(invalidations, ['a', 'b', 'c', 'd'], 100);
  invalidations.forgetAll(0);
  expect(['a', 'b', 'c', 'd', null].map((id) => invalidations.hasSince(id, 0))).toEqual(Array(5).fill(false));
  invalidations.add('a', 7);
  expect(invalidations.hasSince('a', 6)).toBe(true);
  expect(invalidations.hasSince('b', 6)).toBe(false);
});

test('never misses one, and is exact for as long as it had not to forget', () => {
  const rows = fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 3 })), { maxLength: 30, size: 'max' });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), rows, (capacity, added) => {
      const invalidations = new Invalidations(capacity);
      const lastSeq = new Map<string, number>();
      let seq = 0;
      for (const [id, step] of added) {
        seq += step;
        invalidations.add(`key_${id}`, seq);
        lastSeq.set(`key_${id}`, seq);
        for (let since = 0; since <= seq; since++) {
          for (let asked = 0; asked < 10; asked++) {
            const told = invalidations.hasSince(`key_${asked}`, since);
            const isTrue = (lastSeq.get(`key_${asked}`) ?? 0) > since;
            if (isTrue || lastSeq.size <= capacity) expect(told).toBe(isTrue);
          }
        }
      }
    }),
  );
});
