import { z } from 'zod';
import { isPlainParagraph } from './text.ts';

const maxBytes = 4096;
const maxDepth = 16;

/** What the provider keeps with a key: a JSON object of at most 4 KiB, 16 levels deep. */
export const metadata = z
  .record(z.string(), z.unknown())
  .refine(isStorable, { error: `must be a JSON object of well-formed text and finite numbers, at most ${maxDepth} levels deep` })
  .refine((value) => !isStorable(value) || new TextEncoder().encode(JSON.stringify(value)).length <= maxBytes, {
    error: `must be at most ${maxBytes} bytes as JSON`,
  });

/** Walks level by level, never by recursion, so that a deeply nested body cannot exhaust the stack. */
function isStorable(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return false;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string' && !isPlainParagraph(value)) return false;
      if (typeof value === 'number' && !Number.isFinite(value)) return false;
      if (Array.isArray(value)) next.push(...value.slice(0, maxBytes));
      else if (typeof value === 'object' && value !== null) {
        const keys = Object.keys(value);
        if (!keys.every((key) => isPlainText(key) && key !== '__proto__')) return false;
        next.push(...Object.values(value));
      }
    }
    level = next;
  }
  return true;
}

function isPlainText(key: string): boolean {
  return isPlainParagraph(key);
}
