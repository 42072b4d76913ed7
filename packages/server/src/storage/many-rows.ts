import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Run } from './statement.ts';

/** So many rows at once take SQLite some milliseconds, in which nothing else happens on its thread. */
const longest = 256;

/**
 * Parts of a list whose lengths are powers of two: databases prepare a text for each length, and so few serve all lists.
 */
function* partsOf<T>(list: readonly T[]): Generator<T[]> {
  let length = longest;
  for (let start = 0; start < list.length; start += length) {
    while (length > list.length - start) length /= 2;
    yield list.slice(start, start + length);
  }
}

/** Does something for each part of a list, one after the other. In between the event loop turns. */
export async function forEachPart<T, R>(list: readonly T[], run: (part: T[]) => Promise<R[]>): Promise<R[]> {
  const results: R[] = [];
  for (const part of partsOf(list)) {
    for (const result of await run(part)) results.push(result);
    if (list.length > longest) await nextTurn();
  }
  return results;
}

/** `$3, $4`: places for `count` parameters, the first of which has this number. */
export function places(count: number, first = 1): string {
  return Array.from({ length: count }, (_, index) => `$${first + index}`).join(', ');
}

interface Rows<T> {
  table: string;
  list: readonly T[];
  /** They must all have the same columns, in the same order. */
  toRow(item: T): Readonly<Record<string, unknown>>;
  /** What follows the values, such as `ON CONFLICT …`. */
  ending?: string;
}

/**
 * Inserts many rows, in parts.
 * @returns what the ending asks for
 */
export function insertRows<T, R>(run: Run, { table, list, toRow, ending = '' }: Rows<T>): Promise<R[]> {
  return forEachPart(list, (part) => {
    const rows = part.map(toRow);
    const columns = Object.keys(rows[0] ?? {});
    const tuples = rows.map((_, index) => `(${places(columns.length, 1 + index * columns.length)})`);
    const text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${tuples.join(', ')} ${ending}`;
    return run<R>(
      text,
      rows.flatMap((row) => Object.values(row)),
    );
  });
}
