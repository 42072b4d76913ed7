import { asSearch, readWords } from './page-search.ts';

/** What stands in the address of every page in a project. */
export interface ProjectSearch {
  project?: string;
}

export function projectSearch(search: Record<string, unknown>): ProjectSearch {
  return asSearch<ProjectSearch>({ project: readWords(search.project) });
}
