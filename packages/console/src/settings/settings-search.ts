import { asSearch, readWords, type SearchPatch } from '../shell/page-search.ts';

export const settingsTabs = ['project', 'policy', 'wording', 'service-keys', 'instance'] as const;
export type SettingsTab = (typeof settingsTabs)[number];

const dialogs = ['delete-project', 'create', 'rotate', 'delete'] as const;

/** What the page shows, as it stands in the address. */
export interface SettingsSearch {
  /** Without one: the project itself. */
  tab?: Exclude<SettingsTab, 'project'>;
  /** What is looked for among the texts. */
  q?: string;
  /** Only the texts that have words of the project's own. */
  own?: true;
  dialog?: (typeof dialogs)[number];
  /** The service key that the dialog is about. */
  key?: string;
  cursor?: string;
}

export function settingsSearch(search: Record<string, unknown>): SettingsSearch {
  return asSearch<SettingsSearch>({
    tab: settingsTabs.filter((tab) => tab !== 'project').find((tab) => tab === search.tab),
    q: readWords(search.q),
    own: search.own === true ? (true as const) : undefined,
    dialog: dialogs.find((dialog) => dialog === search.dialog),
    key: readWords(search.key),
    cursor: readWords(search.cursor),
  });
}

export type ChangeSettings = (
  patch: SearchPatch<SettingsSearch>,
  /** Whether the browser's back button leads back to before it. */
  isStep?: boolean,
) => void;
