import { CsvError, parse } from 'csv-parse/sync';
import { UsageError } from '../usage-error.ts';
import type { ImportRecord } from './read-records.ts';

type ReadCell = (cell: string) => unknown;

const asText: ReadCell = (cell) => cell;
const asWords: ReadCell = (cell) => cell.trim().split(/\s+/);
const asJson: ReadCell = (cell) => JSON.parse(cell);

/** The columns there may be: the fields of a key, as the API has them. */
const columns: ReadonlyMap<string, ReadCell> = new Map([
  ...['sha256', 'name', 'display', 'ownerId', 'channelId', 'description', 'expiresAt'].map(
    (name) => [name, asText] as const,
  ),
  ...['scopes', 'ipAllow'].map((name) => [name, asWords] as const),
  ...['metadata', 'rateLimits', 'quota'].map((name) => [name, asJson] as const),
]);

/** What spreadsheets write instead of commas, for whose numbers have a comma in them. */
const foreignSeparators = [
  { sign: ';', name: 'semicolons' },
  { sign: '\t', name: 'tabs' },
];

interface Row {
  record: string[];
  info: { lines: number };
}

/** A table with the names of the columns in its first row. An empty cell is a field that is left out. */
export function parseCsv(text: string): ImportRecord[] {
  const [header, ...rows] = readRows(text);
  if (header === undefined) return [];
  const names = header.record.map((name) => name.trim());
  checkHeader(names);
  return rows.map(({ record, info }) => ({ place: `line ${info.lines}`, ...readRow(names, record) }));
}

function readRows(text: string): Row[] {
  try {
    // Of line ends inside of quotes, it counts those of Windows twice.
    const plain = text.replaceAll('\r\n', '\n');
    return parse(plain, { info: true, relax_column_count: true, skip_empty_lines: true }) as unknown as Row[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Its own message would quote the file.
    const at = typeof error.lines === 'number' ? ` at line ${error.lines}` : '';
    throw new UsageError(
      `The file is no CSV${at}: a quotation mark is not closed, or stands where none may be.`,
    );
  }
}

function checkHeader(names: string[]): void {
  const separator = foreignSeparators.find(({ sign }) => names.length === 1 && names[0]?.includes(sign));
  if (separator !== undefined)
    throw new UsageError(
      `The first line names one column only: ${separator.name} seem to stand between the cells. Save the file with commas.`,
    );
  const known = [...columns.keys()].join(', ');
  const unknown = names.filter((name) => !columns.has(name));
  if (unknown.length > 0) {
    throw new UsageError(
      `The first line must name the columns, and has ${unknown.length} that no key has. There may be: ${known}.`,
    );
  }
  if (new Set(names).size < names.length) throw new UsageError('The first line names a column twice.');
}

function readRow(names: string[], cells: string[]): Omit<ImportRecord, 'place'> {
  if (cells.length !== names.length) {
    const count = `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`;
    return { value: null, fault: `has ${count} where the first line names ${names.length}` };
  }
  const value: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) {
    const cell = cells[index] ?? '';
    if (cell === '') continue;
    try {
      value[name] = columns.get(name)?.(cell);
    } catch {
      return { value: null, fault: `has no JSON in ${name}` };
    }
  }
  return { value, fault: null };
}
