import { asSearch, readWords } from '../shell/page-search.ts';

const dialogs = [
  'two-factor',
  'two-factor-off',
  'backup-codes',
  'add-passkey',
  'rename-passkey',
  'delete-passkey',
  'end-sessions',
] as const;
type AccountDialog = (typeof dialogs)[number];

/** Which dialog is open, and for which passkey. */
export interface AccountSearch {
  dialog?: AccountDialog;
  passkey?: string;
}

export function accountSearch(search: Record<string, unknown>): AccountSearch {
  const dialog = dialogs.find((each) => each === search.dialog);
  const passkey = dialog && readWords(search.passkey);
  return asSearch<AccountSearch>({ dialog, passkey });
}
