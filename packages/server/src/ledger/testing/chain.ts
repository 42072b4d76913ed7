import { type Caller, systemCaller } from '../../domain/caller.ts';
import { genesis, type LedgerEntry, type StoredLedgerRow } from '../entry.ts';
import { buildRow } from '../row.ts';

const named: Caller = { type: 'service_key', id: 'svc_a', name: 'CI', projectId: null, scopes: new Set() };
const nameless = systemCaller;

/** A valid chain of so many rows; every third has no private part. */
export function buildChain(length: number): StoredLedgerRow[] {
  return chainOf(Array.from({ length }, (_, index) => entryOf(index)));
}

/** The valid chain of these entries; an entry without names is Keywright's own. */
export function chainOf(entries: LedgerEntry[]): StoredLedgerRow[] {
  const rows: StoredLedgerRow[] = [];
  for (const [index, entry] of entries.entries()) {
    const isPublic = entry.subject.name === null && entry.privateDetail === undefined;
    rows.push(
      buildRow(rows.at(-1) ?? genesis, entry, isPublic ? nameless : named, 1_790_000_000_000 + index),
    );
  }
  return rows;
}

export async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

function entryOf(index: number): LedgerEntry {
  const isPublic = index % 3 === 2;
  return {
    action: 'key.revoked',
    projectId: index % 2 === 0 ? 'prj_1' : null,
    subject: { type: 'key', id: `key_${index}`, name: isPublic ? null : `Key ${index}` },
    detail: { reason: `r${index}` },
    ...(isPublic ? {} : { privateDetail: { ownerId: 'ana@example.com' } }),
  };
}
