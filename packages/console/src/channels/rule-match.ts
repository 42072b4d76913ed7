import type { RuleValues } from './gateway-values.ts';

/** What a request meets: the place of the rule that decides, or that none does; null: its path is never let through. */
export type RuleMatch = { place: number | null } | null;

/** Which rule decides about a request, as the server finds it. */
export function matchRule(rules: readonly RuleValues[], method: string, path: string): RuleMatch {
  const normal = normalizePath(path);
  if (normal === null) return null;
  const parts = normal.split('/');
  const place = rules.findIndex(
    (rule) => fitsMethod(rule.method.trim(), method) && fitsPath(rule.path.trim().split('/'), parts),
  );
  return { place: place < 0 ? null : place };
}

/** HEAD is GET without the body. */
function fitsMethod(wanted: string, method: string): boolean {
  return wanted === '*' || wanted === method || (wanted === 'GET' && method === 'HEAD');
}

/** `*` as the last part stands for all that follows, elsewhere for one part. */
function fitsPath(pattern: readonly string[], parts: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '*';
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  if (isOpen ? parts.length < pattern.length : parts.length !== pattern.length) return false;
  return fixed.every((part, place) => (part === '*' ? parts[place] !== '' : part === parts[place]));
}

/** The one spelling of a path; null for what two programs could read in two ways. */
function normalizePath(path: string): string | null {
  if (!path.startsWith('/') || /[^\x21-\x7e]|[#\\]|\/\//.test(path)) return null;
  if (/%(?![0-9a-f]{2})|%(?:2f|5c|[01][0-9a-f]|7f)/i.test(path)) return null;
  const decoded = path.replace(/%([0-9a-f]{2})/gi, (whole, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : whole.toUpperCase();
  });
  return /\/\.{1,2}(?:\/|$)/.test(decoded) ? null : decoded;
}
