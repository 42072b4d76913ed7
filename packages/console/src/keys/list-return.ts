import type { RouterHistory } from '@tanstack/react-router';
import type { KeyListSearch } from './key-list-search.ts';

type Search = KeyListSearch & { project?: string };

/** The list as it was looked at last, and its place in the browser's history. */
let last: { search: Search; index: number } | null = null;

function indexOf(history: RouterHistory): number {
  return history.location.state.__TSR_index;
}

let isWatching = false;

/** Remembers how the list is looked at, but for a dialog over it. */
export function rememberList(history: RouterHistory, { dialog: _, key: __, ...search }: Search): void {
  last = { search, index: indexOf(history) };
  if (!isWatching) watchPlace(history);
}

/** What is pushed over the list's place in the history makes it another page's. */
function watchPlace(history: RouterHistory): void {
  isWatching = true;
  history.subscribe(({ location, action }) => {
    const isOther = location.pathname !== '/apikeys' && action.type === 'PUSH';
    if (last && isOther && location.state.__TSR_index <= last.index) last.index = Number.POSITIVE_INFINITY;
  });
}

/** The search of the list of a project, as it was left. */
export function lastListSearch(projectId: string): Search {
  const isSame = last && (last.search.project ?? projectId) === projectId;
  return { ...(isSame ? last?.search : {}), project: projectId };
}

/** Goes back through the history to the list, if that is where one came from. @returns whether it did */
export function returnToList(history: RouterHistory, projectId: string): boolean {
  const isSame = last && (last.search.project ?? projectId) === projectId;
  if (!last || !isSame || last.index >= indexOf(history)) return false;
  history.go(last.index - indexOf(history));
  return true;
}
