import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareLedgers } from './compare-ledgers.ts';
import type { StoredLedgerRow } from './entry.ts';

async function* rowsOf(hashes: readonly number[]) {
  for (const hash of hashes) yield { hash: Buffer.from([hash]) } as StoredLedgerRow;
}

test.each([
  [[], [], 0, []],
  [[], [1, 2], 0, [1, 2]],
  [[1, 2], [], 0, []],
  [[1, 2], [1, 2], 2, []],
  [[1, 2], [1, 2, 3, 4], 2, [3, 4]],
  [[1, 2, 3, 4], [1, 2], 2, []],
  [[1, 2, 3], [1, 4, 5], 1, [4, 5]],
  [[1, 2], [3, 4], 0, [3, 4]],
])('%j and %j have %i rows in common, and then the second has %j', async (first, second, common, beyond) => {
  const told: number[] = [];
  const comparison = await compareLedgers(
    rowsOf(first),
    rowsOf(second),
    (row) => void told.push(row.hash[0] ?? 0),
  );
  expect(comparison).toEqual({
    common,
    beyond: { first: first.length - common, second: second.length - common },
  });
  expect(told).toEqual(beyond);
});

test('rows that are the same again after a difference are not in common', async () => {
  const byte = fc.integer({ min: 0, max: 9 });
  await fc.assert(
    fc.asyncProperty(fc.array(byte), fc.array(byte), fc.array(byte), async (start, one, other) => {
      const [first, second] = [
        [...start, 10, ...one],
        [...start, 11, ...other],
      ];
      expect(await compareLedgers(rowsOf(first), rowsOf(second))).toEqual({
        common: start.length,
        beyond: { first: one.length + 1, second: other.length + 1 },
      });
    }),
  );
});
