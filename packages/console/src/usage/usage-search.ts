/** What the page shows, as it stands in the address. */
export interface UsageSearch {
  cursor?: string;
}

export function usageSearch(search: Record<string, unknown>): UsageSearch {
  return typeof search.cursor === 'string' ? { cursor: search.cursor } : {};
}
