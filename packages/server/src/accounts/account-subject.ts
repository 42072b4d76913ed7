import type { LedgerEntry } from '../ledger/entry.ts';

/** The subject of a ledger entry about an account; of one about its place in a project, with `projectId`. */
export function accountSubject(
  { id, name }: { id: string; name: string | null },
  projectId: string | null = null,
): Pick<LedgerEntry, 'projectId' | 'subject'> {
  return { projectId, subject: { type: 'account', id, name } };
}
