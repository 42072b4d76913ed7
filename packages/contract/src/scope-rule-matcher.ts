import type { ScopeRule } from './gateway.ts';
import { withoutParameters } from './request-path.ts';

/** The place of the rule that decides about a request, or -1. The path is in its one spelling: `normalizePath`. */
export type ScopeRuleMatcher = (method: string, path: string) => number;

/**
 * Makes a channel's rules ready to be asked: the first that fits decides. `*` as the last part of a rule's path stands
 * for all that follows, elsewhere for one part. A path with parameters (`/admin;v=1`) is read in two ways: as it stands,
 * and without them, as some servers read it. Where the readings meet different rules, none decides.
 */
export function createScopeRuleMatcher(
  rules: readonly Pick<ScopeRule, 'method' | 'path'>[],
): ScopeRuleMatcher {
  const find = createFinder(rules);
  const findPlain = createFinder(
    rules.map(({ method, path }) => ({ method, path: withoutParameters(path) })),
  );
  return (method, path) => {
    const place = find(method, path);
    const plain = withoutParameters(path);
    return plain === path || findPlain(method, plain) === place ? place : -1;
  };
}

function createFinder(rules: readonly Pick<ScopeRule, 'method' | 'path'>[]): ScopeRuleMatcher {
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
