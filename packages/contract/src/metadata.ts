import { z } from 'zod';
import { isPlainParagraph } from './text.ts';

const maxBytes = 4096;
const maxDepth = 16;

/**
 * What the provider keeps with a key: a JSON object of at most 4 KiB, 16 levels deep. No `z.record`: that would drop a
 * field named `__proto__` instead of refusing it.
 */
export const metadata = z
  .custom<Record<string, unknown>>(isObject, { error: 'must be an object', abort: true })
  .refine(isStorable, {
    error: `must be a JSON object of well-formed text and finite numbers, at most ${maxDepth} levels deep`,
  })
  .refine(
    (value) => !isStorable(value) || new TextEncoder().encode(JSON.stringify(value)).length <= maxBytes,
    {
      error: `must be at most ${maxBytes} bytes as JSON`,
    },
  )
  .meta({ type: 'object', additionalProperties: {} });

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Walks level by level, never by recursion, so that a deeply nested body cannot exhaust the stack. */
function isStorable(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return false;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string' && !isPlainParagraph(value)) return false;
      if (typeof value === 'number' && !Number.isFinite(value)) return false;
      // Pushed one by one: a body has room for more entries than a call can have arguments.
      if (Array.isArray(value)) for (const item of value.slice(0, maxBytes)) next.push(item);
      else if (typeof value === 'object' && value !== null) {
        for (const [key, item] of Object.entries(value)) {
          if (!isPlainText(key) || key === '__proto__') return false;
          next.push(item);
        }
      }
    }
    level = next;
  }
  return true;
}

function isPlainText(key: string): boolean {
  return isPlainParagraph(key);
}
