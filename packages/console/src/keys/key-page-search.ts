import { asSearch, readWords, type SearchPatch } from '../shell/page-search.ts';
import { type RefusedCode, refusedCode } from '../usage/refusal-search.ts';
import { findSpan, type SpanSearch } from '../usage/spans.ts';
import { type KeyDialog, keyListSearch } from './key-list-search.ts';

const tabs = ['usage', 'settings', 'activity'] as const;
export type KeyTab = (typeof tabs)[number];
export const keyTabs: readonly KeyTab[] = tabs;

/** What the page of a key shows, as it stands in the address. What is left out is as usual. */
export interface KeyPageSearch extends SpanSearch {
  tab?: Exclude<KeyTab, 'usage'>;
  dialog?: KeyDialog | 'retire';
  /** Only refusals with this code, and the page of them. */
  code?: RefusedCode;
  refusals?: string;
}

export function keyPageSearch(search: Record<string, unknown>): KeyPageSearch {
  const tab = tabs.find((each) => each === search.tab);
  const dialog = search.dialog === 'retire' ? 'retire' : keyListSearch({ dialog: search.dialog }).dialog;
  return asSearch<KeyPageSearch>({
    ...findSpan(search),
    tab: tab === 'usage' ? undefined : tab,
    dialog: dialog === 'create' ? undefined : dialog,
    code: refusedCode(search.code),
    refusals: readWords(search.refusals),
  });
}

export type KeyPagePatch = SearchPatch<KeyPageSearch>;
