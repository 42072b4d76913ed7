import { setImmediate as nextTurn } from 'node:timers/promises';

/** So many at a time: some milliseconds of work, for which verifications, which share the thread, may wait. */
const perTurn = 256;

/** As `list.map(map)`, in the same order, but the event loop turns in between when the list is long. */
export async function mapInTurns<T, R>(list: readonly T[], map: (item: T, index: number) => R): Promise<R[]> {
  const results: R[] = [];
  for (const [index, item] of list.entries()) {
    if (index > 0 && index % perTurn === 0) await nextTurn();
    results.push(map(item, index));
  }
  return results;
}
