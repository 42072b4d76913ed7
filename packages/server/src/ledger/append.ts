import type { Caller } from '../domain/caller.ts';
import { mapInTurns } from '../domain/turns.ts';
import type { LedgerEntry } from './entry.ts';
import type { LedgerStore } from './ledger-store.ts';
import { buildRow } from './row.ts';

/**
 * Writes what a change did to the end of the ledger. It must be the last thing in the change's transaction: the head
 * row is the one lock that all changes share, and taken last it deadlocks with none, and the order of `seq` is the
 * order of commits.
 * @returns the `seq` of the last row; without entries the head's, so that a change that found nothing to do can wait
 *   for what made it so.
 */
export async function appendEntries(
  ledger: LedgerStore,
  entries: LedgerEntry[],
  caller: Caller,
  at: number,
): Promise<number> {
  if (entries.length === 0) return (await ledger.head()).seq;
  let head = await ledger.takeHead(entries.length);
  const rows = await mapInTurns(entries, (entry) => {
    const row = buildRow(head, entry, caller, at);
    head = row;
    return row;
  });
  await ledger.append(rows);
  return head.seq;
}
