import { createScopeRuleMatcher, normalizePath } from '@keywright/contract';
import type { RuleValues } from './gateway-values.ts';

/** What a request meets: the place of the rule that decides, or that none does; null: its path is never let through. */
export type RuleMatch = { place: number | null } | null;

/** Which rule of a form decides about a request, as the server finds it. */
export function matchRule(rules: readonly RuleValues[], method: string, path: string): RuleMatch {
  const normal = normalizePath(path);
  if (normal === null) return null;
  const typed = rules.map((rule) => ({ method: rule.method.trim(), path: rule.path.trim() }));
  const place = createScopeRuleMatcher(typed)(method, normal);
  return { place: place < 0 ? null : place };
}
