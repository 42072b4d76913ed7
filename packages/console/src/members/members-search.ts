/** What the page shows, as it stands in the address. */
export interface MembersSearch {
  cursor?: string;
}

export function membersSearch(search: Record<string, unknown>): MembersSearch {
  return typeof search.cursor === 'string' ? { cursor: search.cursor } : {};
}
