import { printable } from '../printable.ts';
import type { Colour, Terminal } from './terminal.ts';
import { shorten, textWidth } from './text-width.ts';

export interface Column<Item> {
  header: string;
  text(item: Item): string;
  colour?(item: Item): Colour | null;
  /** May be shortened where the terminal is too narrow. Not for ids, which people copy. */
  mayShrink?: boolean;
}

const gap = '  ';
const leastWidth = 8;

/** Items as aligned lines under a header. Nothing in them can steer the terminal. */
export function formatTable<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  { width, paint }: Terminal,
): string {
  const rows = items.map((item) => columns.map((column) => printable(column.text(item), { lines: false })));
  const widths = columns.map(({ header }, index) =>
    Math.max(textWidth(header), ...rows.map((row) => textWidth(row[index] ?? ''))),
  );
  if (width !== null) shrink(widths, columns, width);
  const format = (cells: readonly string[], style: (index: number) => Colour | null) =>
    cells
      .map((cell, index) => formatCell(cell, widths[index] ?? 0, { paint, colour: style(index) }))
      .join(gap)
      .trimEnd();
  const header = format(
    columns.map((column) => column.header),
    () => 'bold',
  );
  const lines = rows.map((row, at) =>
    format(row, (index) => columns[index]?.colour?.(items[at] as Item) ?? null),
  );
  return [header, ...lines].join('\n');
}

function formatCell(
  text: string,
  width: number,
  { paint, colour }: Pick<Terminal, 'paint'> & { colour: Colour | null },
): string {
  const shown = shorten(text, width);
  const padding = ' '.repeat(width - textWidth(shown));
  return (colour === null ? shown : paint(shown, colour)) + padding;
}

/** Takes from the widest columns that may shrink, one column of the screen after the other, until all fit. */
function shrink(widths: number[], columns: readonly Column<never>[], available: number): void {
  const total = () => widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1));
  while (total() > available) {
    let widest = -1;
    for (const [index, width] of widths.entries()) {
      if (!columns[index]?.mayShrink || width <= leastWidth) continue;
      if (widest < 0 || width > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

/** Names and values, one below the other. */
export function formatFields(fields: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)}${gap}${printable(value)}`.trimEnd()).join('\n');
}

/** A time as a person reads it, in UTC and to the minute; `-` for none. */
export function formatMinute(time: string | null): string {
  return time === null ? '-' : time.slice(0, 16).replace('T', ' ');
}
