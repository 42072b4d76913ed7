import { createReadStream } from 'node:fs';
import { extname, resolve } from 'node:path';
import { startDirectory } from '../../config.ts';
import type { CliContext } from '../context.ts';
import { UsageError } from '../usage-error.ts';
import { parseCsv } from './parse-csv.ts';
import { parseJson, parseNdjson } from './parse-json.ts';

/** One thing that a file holds, where it stands for a person, and what is wrong with it if it cannot even be read. */
export interface ImportRecord {
  /** `line 17` or `record 17`, counted from 1. */
  place: string;
  value: unknown;
  fault: string | null;
}

/** It is read as a whole: as many keys as this holds are some hundred requests. */
const maxFileBytes = 32 * 1024 * 1024;

const parsers = { '.csv': parseCsv, '.json': parseJson, '.ndjson': parseNdjson, '.jsonl': parseNdjson };

/**
 * The records of a CSV, JSON or NDJSON file, told apart by its name; `-` reads NDJSON from stdin.
 * @throws UsageError for a file that is too large, no text, or not what its name says
 */
export async function readRecords(context: CliContext, file: string): Promise<ImportRecord[]> {
  const parse = file === '-' ? parseNdjson : parsers[extname(file).toLowerCase() as keyof typeof parsers];
  if (parse === undefined) {
    throw new UsageError(`${file} must end in .csv, .json or .ndjson, so that it is known how to read it.`);
  }
  const content =
    file === '-' ? await readWhole(context.stdin, 'What comes from stdin') : await readFile(context, file);
  const records = parse(decode(content));
  if (records.length === 0) throw new UsageError(`There is no key in ${file}.`);
  return records;
}

async function readFile({ env, cwd }: CliContext, file: string): Promise<Buffer> {
  try {
    return await readWhole(createReadStream(resolve(startDirectory(env, cwd), file)), file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
    );
  }
}

/** Counts what comes: that of a pipe is not known before. */
async function readWhole(source: AsyncIterable<Buffer | string>, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    if (length > maxFileBytes) throw tooLarge(name);
  }
  return Buffer.concat(chunks);
}

function tooLarge(what: string): UsageError {
  return new UsageError(
    `${what} is larger than ${maxFileBytes / 1024 / 1024} MiB. Split it, and import one part after the other.`,
  );
}

function decode(content: Buffer): string {
  try {
    // Takes a byte order mark away, as spreadsheets write one.
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new UsageError('The file is not text in UTF-8. Save it as UTF-8 and try again.');
  }
}
