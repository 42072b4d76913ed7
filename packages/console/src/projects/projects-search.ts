import { asSearch, readWords } from '../shell/page-search.ts';

/** What the page shows, as it stands in the address. */
export interface ProjectsSearch {
  cursor?: string;
}

export function projectsSearch(search: Record<string, unknown>): ProjectsSearch {
  return asSearch<ProjectsSearch>({ cursor: readWords(search.cursor) });
}
