import { hasValidChecksum, maxPrefixLength, secretLength } from './keys/secret-format.ts';

/** In which a secret may stand. */
const runs = /[0-9A-Za-z_]{64,}/g;

/**
 * The last line of defence for what is logged or printed. Code that handles secrets must not log them; this catches
 * what does so by mistake, or what a library puts into the text of an error.
 */
export function censorText(text: string): string {
  return withoutSecrets(text)
    .replace(/\b(Bearer|Basic)(\s+)[A-Za-z0-9._~+/=-]{16,}/gi, '$1$2[secret]')
    .replace(/(:\/\/[^\s:/@"\\]*):[^\s@/"\\]+@/g, '$1:[secret]@');
}

/** A text in which the secrets of keys are blotted out. */
export function withoutSecrets(text: string): string {
  return text.length < secretLength ? text : text.replace(runs, censorTokens);
}

/** A copy in which every field whose name tells of a secret, at any depth and in any spelling, is blotted out. */
export function censorFields(fields: Record<string, unknown>): Record<string, unknown> {
  return censorObject(fields, 0);
}

// Deeper than this the logger itself cuts off.
const maxDepth = 8;
const secretName =
  /^(key|databaseurl)$|(authorization|apikey|bootstrapkey|secret|token|cookies?|password|credentials?)$/;

function censorObject(fields: object, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const isSecret = secretName.test(name.toLowerCase().replace(/[-_]/g, ''));
    result[name] =
      isSecret && value !== null && value !== undefined ? '[secret]' : censorValue(value, depth + 1);
  }
  return result;
}

function censorValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => censorValue(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  // Instances of classes (errors, dates, buffers) keep the form that their own serializer gives them.
  return prototype === Object.prototype || prototype === null ? censorObject(value, depth) : value;
}

/**
 * Looks at every place of a run where a prefix could begin, because JSON may have put an `n` of `\n` right before a secret.
 */
function censorTokens(run: string): string {
  let result = '';
  let kept = 0;
  let at = 0;
  for (;;) {
    const underscore = run.indexOf('_', at);
    if (underscore < 0) return result + run.slice(kept);
    at = Math.max(at, underscore - maxPrefixLength);
    const isSecret = hasValidChecksum(run.slice(at, at + secretLength));
    if (isSecret) {
      result += `${run.slice(kept, at)}[secret]`;
      kept = at + secretLength;
    }
    at = isSecret ? kept : at + 1;
  }
}
