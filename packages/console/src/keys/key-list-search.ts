import type { KeySort, KeyStatus } from '@keywright/contract';
import { asSearch, readWords, type SearchPatch, withoutUndefined } from '../shell/page-search.ts';

const sorts: readonly KeySort[] = [
  'createdAt',
  '-createdAt',
  'name',
  '-name',
  'lastUsedAt',
  '-lastUsedAt',
  'expiresAt',
  '-expiresAt',
];
/** Written out: the list is the first screen, and the contract would bring all of its schemas along. */
export const keyStatuses: readonly KeyStatus[] = ['active', 'inactive', 'expired', 'revoked'];
const dialogs = ['create', 'rename', 'rotate', 'revoke', 'delete', 'deactivate', 'activate'] as const;
const sizes = [20, 50, 100] as const;

export type KeyDialog = (typeof dialogs)[number];

/** What a list of keys shows, as it stands in the address. What is left out is as usual. */
export interface KeyListSearch {
  q?: string;
  status?: KeyStatus;
  owner?: string;
  sort?: KeySort;
  size?: (typeof sizes)[number];
  cursor?: string;
  dialog?: KeyDialog;
  /** The key that the dialog is about. */
  key?: string;
}

/** Reads it from an address, and leaves out what makes no sense. */
export function keyListSearch(search: Record<string, unknown>): KeyListSearch {
  return asSearch<KeyListSearch>({
    q: readWords(search.q),
    status: keyStatuses.find((status) => status === search.status),
    owner: readWords(search.owner),
    sort: sorts.find((sort) => sort === search.sort),
    size: sizes.find((size) => size === search.size),
    cursor: readWords(search.cursor),
    dialog: dialogs.find((dialog) => dialog === search.dialog),
    key: readWords(search.key),
  });
}

/** What takes the whole list out of an address. */
export const noKeyList = {
  q: undefined,
  status: undefined,
  owner: undefined,
  sort: undefined,
  size: undefined,
  cursor: undefined,
  dialog: undefined,
  key: undefined,
} satisfies Record<keyof KeyListSearch, undefined>;

/** The list's state in the address, and how it is changed. */
export interface KeyListState {
  search: KeyListSearch;
  /**
   * Changes parts of it; undefined takes one out. A change of what is listed begins at the first page.
   * @param isStep whether the browser's back button leads back to before it
   */
  change(patch: SearchPatch<KeyListSearch>, isStep?: boolean): void;
}

/** Applies a change, as `KeyListState.change` says, and leaves what else stands in the address as it is. */
export function changeSearch<S extends KeyListSearch>(search: S, patch: SearchPatch<S>): S {
  const listsAnew = ['q', 'status', 'owner', 'sort', 'size'].some((name) => name in patch);
  const changed: SearchPatch<S> = { ...search, ...(listsAnew && { cursor: undefined }), ...patch };
  return withoutUndefined(changed);
}
