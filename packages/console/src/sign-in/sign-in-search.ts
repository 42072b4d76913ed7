import { asSearch } from '../shell/page-search.ts';

interface SignInSearch {
  /** Where to go on after signing in: a path of this console and nothing else. */
  to?: string;
}

export function signInSearch(search: Record<string, unknown>): SignInSearch {
  return asSearch<SignInSearch>({ to: isOwnPath(search.to) ? search.to : undefined });
}

function isOwnPath(value: unknown): value is string {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value);
}
