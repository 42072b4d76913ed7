import { createScopeRuleMatcher, type ScopeRule } from '@keywright/contract';

/** Which scopes a request needs. The path is normalised. */
export type NeededScopes = (method: string, path: string) => readonly string[];

const none: readonly string[] = Object.freeze([]);
/** A key has it only with a scope that covers everything. */
const everything: readonly string[] = Object.freeze(['*']);

/**
 * Makes a channel's rules ready to be asked. What fits none of them needs the scope `*`, so that an address that somebody
 * forgot, or wrote in a way nobody thought of, is closed rather than open.
 */
export function compileScopeRules(rules: readonly ScopeRule[]): NeededScopes {
  if (rules.length === 0) return () => none;
  const match = createScopeRuleMatcher(rules);
  return (method, path) => rules[match(method, path)]?.scopes ?? everything;
}
