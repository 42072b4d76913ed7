import type { LedgerAction } from '@keywright/contract';
import { type SearchPatch, withoutUndefined } from '../shell/page-search.ts';

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
  const words = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const day = (value: unknown) =>
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
      ? value
      : undefined;
  const action = words(search.action);
  const found = {
    action: action !== undefined && /^[a-z_]+\.[a-z_]+$/.test(action) ? (action as LedgerAction) : undefined,
    actor: words(search.actor),
    subject: words(search.subject),
    from: day(search.from),
    to: day(search.to),
    cursor: words(search.cursor),
  };
  return withoutUndefined(found);
}

export type ActivityPatch = SearchPatch<ActivitySearch>;
