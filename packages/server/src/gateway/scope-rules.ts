import type { ScopeRule } from '@keywright/contract';

/** Which scopes a request needs. The path is normalised. */
export type NeededScopes = (method: string, path: string) => readonly string[];

const none: readonly string[] = Object.freeze([]);
/** A key has it only with a scope that covers everything. */
const everything: readonly string[] = Object.freeze(['*']);

/**
 * Makes a channel's rules ready to be asked. The first that fits decides; what fits none needs the scope `*`, so that an
 * address that somebody forgot, or wrote in a way nobody thought of, is closed rather than open.
 */
export function compileScopeRules(rules: readonly ScopeRule[]): NeededScopes {
  if (rules.length === 0) return () => none;
  const compiled = rules.map(({ method, path, scopes }) => ({ method, parts: path.split('/'), scopes }));
  return (method, path) => {
    const parts = path.split('/');
    const rule = compiled.find((each) => fitsMethod(each.method, method) && fitsPath(each.parts, parts));
    return rule?.scopes ?? everything;
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
