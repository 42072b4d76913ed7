import { asSearch, readWords } from '../shell/page-search.ts';

const dialogs = ['make-admin', 'unmake-admin', 'reset-link', 'confirm-link', 'erase'] as const;

/** What the page shows, as it stands in the address. */
export interface AccountsSearch {
  q?: string;
  cursor?: string;
  dialog?: (typeof dialogs)[number];
  /** The account that the dialog is about. */
  account?: string;
}

export function accountsSearch(search: Record<string, unknown>): AccountsSearch {
  return asSearch<AccountsSearch>({
    q: readWords(search.q),
    cursor: readWords(search.cursor),
    dialog: dialogs.find((dialog) => dialog === search.dialog),
    account: readWords(search.account),
  });
}
