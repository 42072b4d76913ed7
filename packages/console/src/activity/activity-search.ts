/** What the page shows, as it stands in the address. */
export interface ActivitySearch {
  cursor?: string;
}

export function activitySearch(search: Record<string, unknown>): ActivitySearch {
  return typeof search.cursor === 'string' ? { cursor: search.cursor } : {};
}
