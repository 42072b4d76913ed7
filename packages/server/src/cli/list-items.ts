import { maxPageLimit, type Page } from '@keywright/contract';
import { InvalidArgumentError } from 'commander';
import type { CliContext } from './context.ts';
import { formatJson } from './output/json.ts';
import { type Column, formatTable } from './output/table.ts';
import { describeTerminal } from './output/terminal.ts';
import { say } from './say.ts';

export interface ListFlags {
  limit: number;
  all?: boolean;
  json?: boolean;
}

export const defaultListLimit = 20;

/** How many items a person asks for: any number, which pages of the API add up to. */
export function parseLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number, at least 1.');
}

interface Listing<Item> {
  /** For people, in the plural: "keys". */
  noun: string;
  columns: readonly Column<Item>[];
  read(query: { limit: number; cursor?: string }): Promise<{ items: Item[]; page: Page }>;
}

/** Prints a list, page after page: a table, or one JSON document that is written as the pages come in. */
export async function printList<Item>(
  context: CliContext,
  { limit, all = false, json = false }: ListFlags,
  listing: Listing<Item>,
): Promise<void> {
  const pages = readPages(listing, all ? Number.POSITIVE_INFINITY : limit);
  if (json) await printJson(context, pages);
  else await printTable(context, pages, listing);
}

interface Portion<Item> {
  items: Item[];
  page: Page;
}

async function* readPages<Item>(
  { read }: Pick<Listing<Item>, 'read'>,
  max: number,
): AsyncGenerator<Portion<Item>> {
  let cursor: string | null = null;
  let rest = max;
  do {
    const limit = Math.min(rest, maxPageLimit);
    const portion: Portion<Item> = await read({ limit, ...(cursor !== null && { cursor }) });
    yield portion;
    rest -= portion.items.length;
    cursor = portion.page.next;
  } while (cursor !== null && rest > 0);
}

/** `{"items": […], "total": …, "totalIsExact": …}`, never whole in memory. One that breaks off is no JSON. */
async function printJson<Item>({ stdout }: CliContext, pages: AsyncGenerator<Portion<Item>>): Promise<void> {
  let [text, separator] = ['{"items":[', ''];
  let last: Page | null = null;
  for await (const { items, page } of pages) {
    for (const item of items) {
      text += separator + formatJson(item);
      separator = ',';
    }
    stdout.write(text);
    [text, last] = ['', page];
  }
  const { total, totalIsExact } = last ?? { total: 0, totalIsExact: true };
  stdout.write(`],"total":${total},"totalIsExact":${totalIsExact}}\n`);
}

async function printTable<Item>(
  context: CliContext,
  pages: AsyncGenerator<Portion<Item>>,
  { noun, columns }: Pick<Listing<Item>, 'noun' | 'columns'>,
): Promise<void> {
  const shown: Item[] = [];
  let last: Page | null = null;
  for await (const { items, page } of pages) {
    shown.push(...items);
    last = page;
  }
  if (shown.length === 0) {
    say(context.stderr, `There are no ${noun}.`);
    return;
  }
  context.stdout.write(`${formatTable(shown, columns, describeTerminal(context))}\n`);
  if (last === null || last.next === null) return;
  const total = last.totalIsExact ? String(last.total) : `more than ${last.total}`;
  say(context.stderr, `${shown.length} of ${total} ${noun}. For more add --limit <number>, or --all.`);
}
