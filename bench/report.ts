import type { Comparison } from './measure.ts';

const begin = '<!-- rows: written by npm run bench -->';
const end = '<!-- end of rows -->';
const head = [
  '| what | ours | against | ratio | spread | goal | reached | measured |',
  '|---|---|---|---|---|---|---|---|',
];

/** A line of the table. @param measured when, and in how many runs */
export function formatRow(row: Comparison, measured: string): string {
  const number = (value: number) =>
    value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(3);
  const cells = [
    row.name,
    `${number(row.ours)} ${row.unit}`,
    `${row.againstName}: ${number(row.against)} ${row.unit}`,
    `**${row.ratio.toFixed(2)}**`,
    row.spread.map((ratio) => ratio.toFixed(2)).join(' – '),
    row.goal,
    row.isReached ? 'yes' : 'no',
    measured,
  ];
  return `| ${cells.join(' | ')} |`;
}

export function formatTable(rows: string[]): string {
  return [...head, ...rows].join('\n');
}

/**
 * Puts measured rows into a report, each in the place of the same one from before; what was not measured stays, and so
 * does all that people wrote around the table.
 */
export function updateReport(report: string, measured: string[]): string {
  const [before, rest] = splitAt(report, begin);
  const [table, after] = splitAt(rest, end);
  const rows = new Map(
    table
      .split('\n')
      .filter((line) => line.startsWith('| ') && !head.includes(line))
      .map((line) => [nameOf(line), line]),
  );
  for (const line of measured) rows.set(nameOf(line), line);
  return `${before}${begin}\n\n${formatTable([...rows.values()])}\n\n${end}${after}`;
}

/** What was measured, and against what: without the figures. */
function nameOf(line: string): string {
  const [what = '', , against = ''] = line.split(' | ');
  return `${what} | ${against.split(':')[0]}`;
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`results.md has no line "${mark}"`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
