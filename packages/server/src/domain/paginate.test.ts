import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from './error.ts';
import { type Position, paginate, type Slice } from './paginate.ts';

interface Item extends Position {
  value: number | null;
}

/** Ascending by value, nulls last, ties by id: the order that stores keep. */
function compare(a: Position, b: Position): number {
  const [x, y] = [a.value ?? Number.POSITIVE_INFINITY, b.value ?? Number.POSITIVE_INFINITY];
  if (x !== y) return x < y ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** A list in memory, as a store reads it. */
class List {
  items: Item[];
  readonly slices: Slice[] = [];
  counts = 0;
  binding: unknown = ['things', { projectId: 'prj_1' }];

  constructor(items: Item[]) {
    this.items = [...items].sort(compare);
  }

  insert(item: Item): void {
    if (this.items.every(({ id }) => id !== item.id)) this.items = [...this.items, item].sort(compare);
  }

  delete(id: string): void {
    this.items = this.items.filter((item) => item.id !== id);
  }

  page(limit: number, cursor?: string | null) {
    return paginate<Item>({
      limit,
      cursor: cursor ?? undefined,
      binding: this.binding,
      read: async (slice) => this.#read(slice),
      count: async (max) => {
        this.counts++;
        return Math.min(max, this.items.length);
      },
      positionOf: ({ value, id }) => ({ value, id }),
      sortedBy: 'number',
    });
  }

  #read(slice: Slice): Item[] {
    this.slices.push(slice);
    const { from, direction, limit } = slice;
    // What a database would refuse with an error of its own.
    if (from !== null && from.value !== null && !Number.isSafeInteger(from.value))
      throw new Error('not a number');
    if (from?.id.includes('\0')) throw new Error('not a text');
    const beyond = (item: Item) => {
      if (from === null) return true;
      return direction === 'next' ? compare(item, from) > 0 : compare(item, from) < 0;
    };
    const found = this.items.filter(beyond);
    return (direction === 'next' ? found : found.reverse()).slice(0, limit);
  }
}

function listOf(count: number): List {
  return new List(
    Array.from({ length: count }, (_, i) => ({
      value: i % 7 === 6 ? null : i,
      id: `id_${String(i).padStart(3, '0')}`,
    })),
  );
}

function ids(items: readonly Item[]): string[] {
  return items.map(({ id }) => id);
}

describe('a page', () => {
  test('of an empty list is empty, and leads nowhere', async () => {
    expect(await listOf(0).page(10)).toEqual({
      items: [],
      page: { next: null, previous: null, from: 0, to: 0, total: 0, totalIsExact: true },
    });
  });

  test.each([1, 9, 10])('that holds all %i leads nowhere', async (count) => {
    const { items, page } = await listOf(count).page(10);
    expect(items).toHaveLength(count);
    expect(page).toEqual({
      next: null,
      previous: null,
      from: 1,
      to: count,
      total: count,
      totalIsExact: true,
    });
  });

  test('in the middle leads both ways and says where it is', async () => {
    const list = listOf(35);
    const first = await list.page(10);
    expect(first.page).toMatchObject({ previous: null, from: 1, to: 10, total: 35 });
    const second = await list.page(10, first.page.next);
    expect(second.page).toMatchObject({
      next: expect.any(String),
      previous: expect.any(String),
      from: 11,
      to: 20,
      total: 35,
    });
    const third = await list.page(10, second.page.next);
    const back = await list.page(10, third.page.previous);
    expect(back).toEqual(second);
    const last = await list.page(10, third.page.next);
    expect(last.page).toMatchObject({ next: null, from: 31, to: 35 });
    const start = await list.page(10, second.page.previous);
    expect(start).toEqual({ ...first, page: { ...first.page, next: expect.any(String) } });
  });

  test('whose items were deleted leads back to those that are left', async () => {
    const list = listOf(35);
    const first = await list.page(10);
    const second = await list.page(10, first.page.next);
    const kept = ids(first.items);
    for (const id of ids(list.items)) if (!kept.includes(id)) list.delete(id);
    const empty = await list.page(10, second.page.next);
    expect(empty).toMatchObject({ items: [], page: { next: null, from: 0, to: 0, total: 10 } });
    const back = await list.page(10, empty.page.previous);
    expect(back).toEqual({ ...first, page: { ...first.page, next: null, total: 10 } });
    const tail = await list.page(4, (await list.page(4, second.page.next)).page.previous);
    expect(ids(tail.items)).toEqual(kept.slice(-4));
    expect(tail.page).toMatchObject({ from: 7, to: 10, next: null, previous: expect.any(String) });
  });

  test('before which all was deleted leads on to those that are left', async () => {
    const list = listOf(35);
    const second = await list.page(10, (await list.page(10)).page.next);
    const third = await list.page(10, second.page.next);
    for (const id of ids(list.items).slice(0, 20)) list.delete(id);
    const empty = await list.page(10, third.page.previous);
    expect(empty).toMatchObject({ items: [], page: { previous: null, from: 0, to: 0, total: 15 } });
    const on = await list.page(10, empty.page.next);
    expect(ids(on.items)).toEqual(ids(third.items));
    expect(on.page).toMatchObject({ previous: null, next: expect.any(String), from: 1, to: 10 });
  });

  test('leads nowhere when nothing is left at all', async () => {
    const list = listOf(35);
    const { next } = (await list.page(10)).page;
    for (const id of ids(list.items)) list.delete(id);
    expect((await list.page(10, next)).page).toMatchObject({ next: null, previous: null, total: 0 });
  });

  test('that shows the whole list has counted it', async () => {
    const list = listOf(2);
    expect((await list.page(2)).page).toMatchObject({ from: 1, to: 2, total: 2, totalIsExact: true });
    expect(list.counts).toBe(0);
    expect((await list.page(1)).page.total).toBe(2);
    expect(list.counts).toBe(1);
  });

  test('reads one item more than it shows, and one to look back', async () => {
    const list = listOf(35);
    const first = await list.page(10);
    expect(list.slices).toEqual([{ from: null, direction: 'next', limit: 11 }]);
    await list.page(10, first.page.next);
    expect(list.slices.slice(1).map(({ direction, limit }) => [direction, limit])).toEqual([
      ['next', 11],
      ['previous', 1],
    ]);
  });

  test.each([
    [9_999, 9_999, true],
    [10_000, 10_000, true],
    [10_001, 10_000, false],
  ])('of %i items has a total of %i, exact: %s', async (count, total, totalIsExact) => {
    const asked: number[] = [];
    const { page } = await paginate<Item>({
      limit: 1,
      cursor: undefined,
      binding: 'x',
      read: async () => listOf(2).items,
      count: async (max) => {
        asked.push(max);
        return Math.min(max, count);
      },
      positionOf: (item) => item,
    });
    expect(page).toMatchObject({ total, totalIsExact });
    expect(asked).toEqual([10_001]);
  });
});

const item: fc.Arbitrary<Item> = fc.record({
  value: fc.option(fc.nat(5)),
  id: fc.nat(99).map((n) => `id_${String(n).padStart(2, '0')}`),
});
const someItems = fc.uniqueArray(item, { maxLength: 30, selector: ({ id }) => id, size: 'max' });
const limits = fc.integer({ min: 1, max: 5 });

test('next to the end and previous to the start show every item once, and where it stands', async () => {
  await fc.assert(
    fc.asyncProperty(someItems, limits, async (items, limit) => {
      const list = new List(items);
      const total = list.items.length;
      let seen: Item[] = [];
      let result = await list.page(limit);
      for (;;) {
        if (result.items.length > 0) expect(result.page).toMatchObject({ from: seen.length + 1, total });
        seen = [...seen, ...result.items];
        expect(result.page.to).toBe(seen.length);
        if (result.page.next === null) break;
        result = await list.page(limit, result.page.next);
      }
      expect(seen).toEqual(list.items);

      let back = result.items;
      while (result.page.previous !== null) {
        result = await list.page(limit, result.page.previous);
        back = [...result.items, ...back];
        expect([result.page.from, result.page.to]).toEqual([
          total - back.length + 1,
          total - back.length + result.items.length,
        ]);
      }
      expect(back).toEqual(list.items);
    }),
  );
});

type Change = { type: 'insert'; item: Item } | { type: 'delete'; choice: number };

test('items that stay are shown once each way, whatever comes and goes between the pages', async () => {
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.record({ type: fc.constant('insert' as const), item }),
    fc.record({ type: fc.constant('delete' as const), choice: fc.nat(99) }),
  );
  const changes = fc.infiniteStream(fc.array(change, { maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(
      someItems,
      fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
      limits,
      changes,
      async (items, flags, limit, stream) => {
        const list = new List(items);
        const staying = new Set(ids(list.items.filter((_, index) => flags[index])));
        const stable = (shown: readonly Item[]) => ids(shown).filter((id) => staying.has(id));
        const expected = stable(list.items);
        let rounds = 0;
        const disturb = () => {
          // An end to it, else a list could grow as fast as it is read.
          if (rounds++ > 20) return;
          for (const one of stream.next().value ?? []) {
            if (one.type === 'insert') list.insert(one.item);
            else {
              const leaving = list.items.filter(({ id }) => !staying.has(id));
              const gone = leaving[one.choice % Math.max(1, leaving.length)];
              if (gone !== undefined) list.delete(gone.id);
            }
          }
        };

        let result = await list.page(limit);
        let seen = stable(result.items);
        while (result.page.next !== null) {
          disturb();
          result = await list.page(limit, result.page.next);
          seen = [...seen, ...stable(result.items)];
          expect(result.items).toEqual([...result.items].sort(compare));
          expect(result.page.to - result.page.from + 1).toBe(Math.max(1, result.items.length));
        }
        expect(seen).toEqual(expected);

        seen = stable(result.items);
        while (result.page.previous !== null) {
          disturb();
          result = await list.page(limit, result.page.previous);
          seen = [...stable(result.items), ...seen];
        }
        if (result.items.length > 0) expect(seen).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

/** A genuine cursor of this list, and what is in it. */
async function genuine(list: List): Promise<{ cursor: string; content: Record<string, unknown> }> {
  const cursor = (await list.page(2)).page.next ?? '';
  return { cursor, content: JSON.parse(Buffer.from(cursor, 'base64url').toString()) };
}

function write(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

const refused = expect.objectContaining({
  code: 'validation_failed',
  errors: [{ path: 'cursor', message: expect.any(String) }],
});

describe('a cursor', () => {
  test.each<[string, unknown]>([
    ['another project', ['things', { projectId: 'prj_2' }]],
    ['another filter', ['things', { projectId: 'prj_1', status: 'active' }]],
    ['another list', ['others', { projectId: 'prj_1' }]],
    ['another sort', ['things', { projectId: 'prj_1' }, '-name']],
    ['nothing', null],
  ])('is refused for %s', async (_, binding) => {
    const list = listOf(10);
    const { cursor } = await genuine(list);
    expect((await list.page(2, cursor)).page.from).toBe(3);
    list.binding = binding;
    await expect(list.page(2, cursor)).rejects.toEqual(refused);
  });

  test('says nothing but where it stands: no secret, and nothing of other items', async () => {
    const { content } = await genuine(listOf(10));
    expect(content).toEqual({ b: expect.any(String), d: 'next', v: 1, i: 'id_001', n: 2 });
  });

  test.each([
    '',
    ' ',
    'null',
    'e30',
    'W10',
    '%',
    'not base64!',
    '\0',
    '../../etc/passwd',
    "' OR 1=1 --",
    '😀',
    'A'.repeat(2000),
    '[object Object]',
    write('x'),
    write(1),
    write([]),
    write({}),
    Buffer.from('{"b":').toString('base64url'),
    Buffer.from([0xff, 0xfe]).toString('base64url'),
  ])('%j is refused', async (cursor) => {
    await expect(listOf(10).page(2, cursor)).rejects.toEqual(refused);
  });

  test.each<[string, Record<string, unknown>]>([
    ['direction', { d: 'up' }],
    ['direction', { d: ['next'] }],
    ['direction', { d: undefined }],
    ['value that is a text', { v: 'x' }],
    ['value that is a number as text', { v: '1' }],
    ['value that is a fraction', { v: 1.5 }],
    ['value that is too large', { v: 1e300 }],
    ['value that is true', { v: true }],
    ['value that is a list', { v: [1] }],
    ['value that is an object', { v: { $gt: '' } }],
    ['value', { v: undefined }],
    ['id with a NUL', { i: 'id\0' }],
    ['id that is long', { i: 'i'.repeat(201) }],
    ['id that is a number', { i: 1 }],
    ['id', { i: undefined }],
    ['number', { n: -1 }],
    ['number', { n: 1.5 }],
    ['number', { n: '1' }],
    ['number', { n: Number.MAX_SAFE_INTEGER }],
    ['field', { x: 1 }],
    ['digest', { b: '' }],
    ['digest', { b: null }],
  ])('with another %s is refused: %j', async (_, change) => {
    const list = listOf(10);
    const { content } = await genuine(list);
    await expect(list.page(2, write(content))).resolves.toBeDefined();
    await expect(list.page(2, write({ ...content, ...change }))).rejects.toEqual(refused);
  });

  test('of a list without values has none', async () => {
    const items = ['a', 'b', 'c'];
    const page = (cursor?: string) =>
      paginate<string>({
        limit: 1,
        cursor,
        binding: 'x',
        read: async ({ from }) => items.filter((id) => from === null || id > from.id),
        count: async () => 3,
        positionOf: (id) => ({ value: null, id }),
      });
    const { next } = (await page()).page;
    const content = JSON.parse(Buffer.from(next ?? '', 'base64url').toString());
    expect((await page(write(content))).items).toEqual(['b']);
    for (const v of [1, 'a', '']) await expect(page(write({ ...content, v }))).rejects.toEqual(refused);
  });

  test('of a list sorted by texts has a text, in which no NUL stands', async () => {
    const page = (cursor?: string) =>
      paginate<string>({
        limit: 1,
        cursor,
        binding: 'x',
        read: async () => ['a', 'b'],
        count: async () => 2,
        positionOf: (name) => ({ value: name, id: name }),
        sortedBy: 'string',
      });
    const { next } = (await page()).page;
    const content = JSON.parse(Buffer.from(next ?? '', 'base64url').toString());
    await expect(page(write({ ...content, v: 'é😀' }))).resolves.toBeDefined();
    for (const v of [1, 'a\0']) await expect(page(write({ ...content, v }))).rejects.toEqual(refused);
  });

  test('never does anything but show a page or be refused, whatever is in it', async () => {
    const list = listOf(10);
    const { cursor, content } = await genuine(list);
    const part = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...Object.values(content)));
    const altered = fc
      .tuple(fc.subarray(Object.keys(content), { minLength: 1 }), fc.infiniteStream(part))
      .map(([names, parts]) =>
        write({ ...content, ...Object.fromEntries(names.map((name) => [name, parts.next().value])) }),
      );
    const damaged = fc
      .tuple(fc.nat(cursor.length), fc.string({ maxLength: 2 }), fc.nat(2))
      .map(([at, put, cut]) => cursor.slice(0, at) + put + cursor.slice(at + cut));
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.jsonValue({ maxDepth: 2 }).map(write),
      altered,
      damaged,
    );
    await fc.assert(
      fc.asyncProperty(any, async (text) => {
        try {
          const { page } = await list.page(2, text);
          expect(page.total).toBe(10);
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
          expect(error).toEqual(refused);
        }
      }),
      { numRuns: 500 },
    );
  });
});
