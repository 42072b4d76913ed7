/** What the page shows, as it stands in the address. */
export interface SettingsSearch {
  cursor?: string;
}

export function settingsSearch(search: Record<string, unknown>): SettingsSearch {
  return typeof search.cursor === 'string' ? { cursor: search.cursor } : {};
}
