import type { StoredLedgerRow } from './entry.ts';

type Rows = AsyncIterable<StoredLedgerRow>;

export interface Comparison {
  /** How many rows the two have in common, from the first one on. */
  common: number;
  /** How many rows each has beyond these. */
  beyond: { first: number; second: number };
}

/**
 * Walks through two ledgers, each from its first row on. Since each hash covers all rows before it, they are the same up
 * to the last row that has the same hash in both, and have nothing to do with each other from there.
 * @param onBeyond told each row of the second that is not in the first, in order
 */
export async function compareLedgers(
  first: Rows,
  second: Rows,
  onBeyond: (row: StoredLedgerRow) => void = () => {},
): Promise<Comparison> {
  const [one, other] = [first[Symbol.asyncIterator](), second[Symbol.asyncIterator]()];
  const comparison: Comparison = { common: 0, beyond: { first: 0, second: 0 } };
  let [a, b] = await Promise.all([one.next(), other.next()]);
  while (!a.done && !b.done && a.value.hash.equals(b.value.hash)) {
    comparison.common++;
    [a, b] = await Promise.all([one.next(), other.next()]);
  }
  for (; !a.done; a = await one.next()) comparison.beyond.first++;
  for (; !b.done; b = await other.next()) {
    comparison.beyond.second++;
    onBeyond(b.value);
  }
  return comparison;
}
