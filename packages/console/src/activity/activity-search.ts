import type { LedgerAction } from '@keywright/contract';
import { asSearch, readWords, type SearchPatch } from '../shell/page-search.ts';

/** What the page shows, as it stands in the address. */
export interface ActivitySearch {
  action?: LedgerAction;
  /** Ids: who did it, and what it was done to. */
  actor?: string;
  subject?: string;
  /** Days in the browser's zone, both of them whole. */
  from?: string;
  to?: string;
  cursor?: string;
}

/** Reads it from an address, and leaves out what makes no sense. */
export function activitySearch(search: Record<string, unknown>): ActivitySearch {
  const day = (value: unknown) =>
    typeof value === 'string' && /^[12]\d{3}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
      ? value
      : undefined;
  const action = readWords(search.action);
  return asSearch<ActivitySearch>({
    action: action !== undefined && /^[a-z_]+\.[a-z_]+$/.test(action) ? (action as LedgerAction) : undefined,
    actor: readWords(search.actor),
    subject: readWords(search.subject),
    from: day(search.from),
    to: day(search.to),
    cursor: readWords(search.cursor),
  });
}

export type ActivityPatch = SearchPatch<ActivitySearch>;
