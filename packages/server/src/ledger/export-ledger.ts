import type { LedgerExportRow, ListLedgerQuery } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import type { LedgerHead, StoredLedgerRow } from './entry.ts';
import type { LedgerFilter, LedgerStore } from './ledger-store.ts';
import { authorizeLedger, ledgerFilter, viewLedgerRow } from './list-ledger.ts';

/**
 * Every matching row, oldest first, with what is needed to check the chain.
 * @throws not_found, forbidden, with the first row that is asked for
 */
export async function* exportLedger(
  context: Context,
  caller: Caller,
  projectId: string | null,
  query: Omit<ListLedgerQuery, 'limit' | 'cursor'>,
): AsyncGenerator<LedgerExportRow> {
  await authorizeLedger(context, caller, projectId);
  for await (const row of scanLedger(context.stores.ledger, ledgerFilter(caller, projectId, query)))
    yield toExportRow(row);
}

const rowsPerRead = 500;

/** The matching rows in order, read in portions so that a long ledger never lies in memory as a whole. */
export async function* scanLedger(
  ledger: LedgerStore,
  filter: LedgerFilter,
): AsyncGenerator<StoredLedgerRow> {
  for (let seq = 0; ; ) {
    const rows = await ledger.scan(filter, seq, rowsPerRead);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsPerRead) return;
    seq = last.seq;
  }
}

/**
 * The rows as they were when the head was read. A server that runs may have added more since; only those are left out
 * that the head has moved over meanwhile.
 */
export async function* scanLedgerUpTo(
  ledger: LedgerStore,
  head: LedgerHead,
): AsyncGenerator<StoredLedgerRow> {
  const [lowest] = await ledger.scan({}, Number.MIN_SAFE_INTEGER, 1);
  // A forged row before the first one: the scan below would not come across it, but lists show it.
  if (lowest !== undefined && lowest.seq < 1) yield lowest;
  for await (const row of scanLedger(ledger, {})) {
    if (row.seq > head.seq && (await ledger.head()).seq >= row.seq) return;
    yield row;
  }
}

export function toExportRow(row: StoredLedgerRow): LedgerExportRow {
  const hidden = row.private && { salt: row.private.salt.toString('hex'), json: row.private.json };
  return { ...viewLedgerRow(row), body: row.body, private: hidden };
}
