import type { ScopeRule } from './gateway.ts';

/** The place of the rule that decides about a request, or -1. The path is in its one spelling: `normalizePath`. */
export type ScopeRuleMatcher = (method: string, path: string) => number;

/**
 * Makes a channel's rules ready to be asked: the first that fits decides. `*` as the last part of a rule's path stands
 * for all that follows, elsewhere for one part.
 */
export function createScopeRuleMatcher(
  rules: readonly Pick<ScopeRule, 'method' | 'path'>[],
): ScopeRuleMatcher {
  const compiled = rules.map(({ method, path }) => ({ method, parts: path.split('/') }));
  return (method, path) => {
    const parts = path.split('/');
    return compiled.findIndex((rule) => fitsMethod(rule.method, method) && fitsPath(rule.parts, parts));
  };
}

/** HEAD is GET without the body (RFC 9110, 9.3.2), so that it needs the same. */
function fitsMethod(wanted: string, method: string): boolean {
  return wanted === '*' || wanted === method || (wanted === 'GET' && method === 'HEAD');
}

function fitsPath(pattern: readonly string[], parts: readonly string[]): boolean {
  const last = pattern.length - 1;
  const isOpen = pattern[last] === '*';
  if (isOpen ? parts.length <= last : parts.length !== pattern.length) return false;
  const fixed = isOpen ? pattern.slice(0, last) : pattern;
  return fixed.every((part, i) => (part === '*' ? parts[i] !== '' : part === parts[i]));
}
