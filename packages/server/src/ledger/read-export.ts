import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { genesis, type StoredLedgerRow } from './entry.ts';
import { toExportRow } from './export-ledger.ts';

/** A line of an exported file that is not a row as Keywright exports it. */
export class ExportLineError extends Error {
  /** Counted from 1. */
  readonly line: number;
  /** What is wrong, as the end of a sentence that begins with "line <n>". */
  readonly explanation: string;

  constructor(line: number, explanation: string) {
    super(`Line ${line} ${explanation}.`);
    this.name = 'ExportLineError';
    this.line = line;
    this.explanation = explanation;
  }
}

/**
 * The rows of an export, for checking their chain.
 * @param lines without their line ends, from the export's first row on
 * @throws ExportLineError
 */
export async function* readExport(lines: AsyncIterable<string>): AsyncGenerator<StoredLedgerRow> {
  let prevHash = genesis.hash;
  let number = 0;
  for await (const line of lines) {
    const row = parseExportLine(line, ++number, prevHash);
    yield row;
    prevHash = row.hash;
  }
}

/**
 * One line of an export as the row that it was made from.
 * @param number of the line, counted from 1, for errors
 * @param prevHash the hash on the line before; an export does not repeat it
 * @throws ExportLineError
 */
export function parseExportLine(line: string, number: number, prevHash: Buffer): StoredLedgerRow {
  const content = parseJson(line, number);
  const parsed = exportLine.safeParse(content);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new ExportLineError(number, `is not a row of an export${path === '' ? '' : ` (see "${path}")`}`);
  }
  const row = toStoredRow(parsed.data, prevHash);
  if (showsSame(row, content)) return row;
  throw new ExportLineError(number, 'was changed: it shows something else than its body says');
}

function parseJson(line: string, number: number): unknown {
  if (line.trim() === '') throw new ExportLineError(number, 'is empty');
  try {
    return JSON.parse(line);
  } catch {
    throw new ExportLineError(number, 'is not JSON: it was changed or cut off, or this is no export');
  }
}

const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length * 2}}$`));

/** Only what is needed to read a row back: an export of a later version may know more actions than this one. */
const exportLine = z.object({
  seq: z.int().min(1),
  at: z.iso.datetime(),
  actor: z.object({ type: z.string(), id: z.string() }),
  action: z.string(),
  projectId: z.string().nullable(),
  subject: z.object({ type: z.string(), id: z.string() }),
  hash: hex(32),
  body: z.string(),
  private: z.object({ salt: hex(16), json: z.string() }).nullable(),
});

function toStoredRow(line: z.infer<typeof exportLine>, prevHash: Buffer): StoredLedgerRow {
  return {
    seq: line.seq,
    at: Date.parse(line.at),
    actorType: line.actor.type,
    actorId: line.actor.id,
    action: line.action,
    projectId: line.projectId,
    subjectType: line.subject.type,
    subjectId: line.subject.id,
    body: line.body,
    prevHash,
    hash: Buffer.from(line.hash, 'hex'),
    private: line.private && { salt: Buffer.from(line.private.salt, 'hex'), json: line.private.json },
  };
}

/** A line repeats names and details in clear, which no hash covers: they must be those of the body and private part. */
function showsSame(row: StoredLedgerRow, content: unknown): boolean {
  try {
    return isDeepStrictEqual(toExportRow(row), content);
  } catch {
    // The body cannot be shown at all. The check of the chain says what is wrong with it.
    return true;
  }
}
