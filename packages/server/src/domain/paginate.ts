import { createHash } from 'node:crypto';
import { maxExactTotal, maxPageLimit, type Page } from '@keywright/contract';
import { z } from 'zod';
import { invalidField } from './error.ts';

/** A place in an ordered list: the value that it is sorted by, and the id that breaks ties. */
export interface Position {
  value: string | number | null;
  id: string;
}

/** What a store reads of a list: up to `limit` items beyond `from`, nearest first. */
export interface Slice {
  from: Position | null;
  direction: 'next' | 'previous';
  limit: number;
}

type SortedBy = 'string' | 'number' | null;

interface PageSource<Item> {
  limit: number;
  cursor: string | undefined;
  /** All that a cursor is bound to: the list, its filters and its sort. */
  binding: unknown;
  read(slice: Slice): Promise<Item[]>;
  count(max: number): Promise<number>;
  positionOf(item: Item): Position;
  /** What the values of its positions are besides null; left out, there are none. */
  sortedBy?: SortedBy;
}

const cursorContent = z.strictObject({
  /** Digest of the binding. */
  b: z.string(),
  d: z.enum(['next', 'previous']),
  v: z.union([z.string(), z.int(), z.null()]),
  i: z.string().max(200),
  /** How many items stand before the page's edge; no more than leaves room to number those of a page. */
  n: z
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER - maxPageLimit),
});
type CursorContent = z.infer<typeof cursorContent>;

/**
 * One page of a list by keyset: the database seeks to the cursor's position, so that the last page costs what the
 * first one does. Cursors go both ways.
 * @throws validation_failed for a cursor that is damaged or belongs to another list, filter or sort
 */
export async function paginate<Item>(source: PageSource<Item>): Promise<{ items: Item[]; page: Page }> {
  const digest = createHash('sha256').update(JSON.stringify(source.binding)).digest('base64url').slice(0, 16);
  const at = source.cursor === undefined ? null : readCursor(source.cursor, digest, source.sortedBy ?? null);
  const direction = at?.d ?? 'next';
  const from = at === null || isEnd(at) ? null : { value: at.v, id: at.i };
  const found = await source.read({ from, direction, limit: source.limit + 1 });
  const more = found.length > source.limit;
  const items = found.slice(0, source.limit);
  if (direction === 'previous') items.reverse();

  const [first, last] = [items[0], items.at(-1)];
  // A list that fits on its first page has been counted by reading it.
  const isWhole = at === null && !more;
  const total = isWhole ? items.length : await source.count(maxExactTotal + 1);
  if (first === undefined || last === undefined) {
    return { items, page: { ...waysBack(at, digest, total), from: 0, to: 0, ...totals(total) } };
  }
  const start = firstNumber(at, items.length, more);
  const end = start + items.length - 1;
  const [hasNext, hasPrevious] =
    direction === 'next'
      ? [more, await isThereMore(source, at, first, 'previous')]
      : [await isThereMore(source, at, last, 'next'), more];
  const cursor = (d: CursorContent['d'], item: Item, n: number) => {
    const { value, id } = source.positionOf(item);
    return writeCursor({ b: digest, d, v: value, i: id, n });
  };
  return {
    items,
    page: {
      next: hasNext ? cursor('next', last, end) : null,
      previous: hasPrevious ? cursor('previous', first, start - 1) : null,
      from: start,
      to: end,
      ...totals(total),
    },
  };
}

/** No item's position, but the end that the list has on the other side. Where ids are empty, there are values. */
function isEnd({ v, i }: CursorContent): boolean {
  return v === null && i === '';
}

/** From a page whose items were all deleted since its cursor was given out, a way back to those that are left. */
function waysBack(at: CursorContent | null, digest: string, total: number): Pick<Page, 'next' | 'previous'> {
  const cursor = (d: CursorContent['d'], n: number) => writeCursor({ b: digest, d, v: null, i: '', n });
  const isLeft = at !== null && !isEnd(at) && total > 0;
  return {
    next: isLeft && at.d === 'previous' ? cursor('next', 0) : null,
    previous: isLeft && at.d === 'next' ? cursor('previous', Math.min(total, at.n)) : null,
  };
}

/** The number of the page's first item in the list, as far as it did not change since the first page. */
function firstNumber(at: CursorContent | null, length: number, more: boolean): number {
  if (at === null) return 1;
  if (at.d === 'next') return at.n + 1;
  return more ? Math.max(1, at.n - length + 1) : 1;
}

async function isThereMore<Item>(
  source: PageSource<Item>,
  at: CursorContent | null,
  edge: Item,
  direction: Slice['direction'],
): Promise<boolean> {
  if (at === null && direction === 'previous') return false;
  return (await source.read({ from: source.positionOf(edge), direction, limit: 1 })).length > 0;
}

function totals(total: number) {
  return { total: Math.min(total, maxExactTotal), totalIsExact: total <= maxExactTotal };
}

function writeCursor(content: CursorContent): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function readCursor(cursor: string, digest: string, sortedBy: SortedBy): CursorContent {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    content = null;
  }
  const parsed = cursorContent.safeParse(content);
  if (!parsed.success) throw invalidField('cursor', 'is not a cursor of this list');
  if (parsed.data.b !== digest || parsed.data.i.includes('\0') || String(parsed.data.v).includes('\0')) {
    throw invalidField('cursor', 'belongs to another list, filter or sort; start without it');
  }
  // The digest is no seal: who changed the value must not get an error of the database for it.
  if (parsed.data.v !== null && typeof parsed.data.v !== sortedBy) {
    throw invalidField('cursor', 'is not a cursor of this list');
  }
  return parsed.data;
}
