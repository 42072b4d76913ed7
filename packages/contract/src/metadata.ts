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
  .superRefine((value, context) => {
    const fault = findFault(value);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  })
  .meta({ type: 'object', additionalProperties: {} });

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const tooLarge = `must be at most ${maxBytes} bytes as JSON`;

/**
 * What is wrong with it, or null. Walks level by level, never by recursion, so that a deeply nested body cannot exhaust
 * the stack, and no further than values that could fit.
 */
function findFault(root: Record<string, unknown>): string | null {
  let level: unknown[] = [root];
  let count = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return `must be at most ${maxDepth} levels deep`;
    const next: unknown[] = [];
    for (const value of level) {
      const fault = findOwnFault(value);
      if (fault !== null) return fault;
      const children = childrenOf(value);
      count += children.length;
      if (count > maxBytes) return tooLarge;
      // Pushed one by one: a body has room for more entries than a call can have arguments.
      for (const child of children) next.push(child);
    }
    level = next;
  }
  return new TextEncoder().encode(JSON.stringify(root)).length > maxBytes ? tooLarge : null;
}

function findOwnFault(value: unknown): string | null {
  if (typeof value === 'string' && !isPlainParagraph(value)) {
    return 'must hold well-formed text without control characters';
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return 'must hold finite numbers';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const isFaulty = Object.keys(value).some((key) => !isPlainParagraph(key) || key === '__proto__');
  return isFaulty ? 'must have well-formed names, and none of them __proto__' : null;
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}
