import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import { startDirectory } from '../config.ts';
import type { CliContext } from './context.ts';
import { UsageError } from './usage-error.ts';

/**
 * The lines of a file, which may be compressed (`.gz`), or of stdin for `-`.
 * @throws UsageError where no file is named; what cannot be read fails with its first line
 */
export function openLines({ env, cwd, stdin }: CliContext, file: string): AsyncGenerator<string> {
  if (file === '-') return readLines(stdin);
  if (file === '') throw new UsageError('Name a file to read.');
  const content = createReadStream(resolve(startDirectory(env, cwd), file));
  return readLines(file.endsWith('.gz') ? content.compose(createGunzip()) : content);
}

/** Longer than any row can be: what is no text at all must not fill the memory. */
const maxLineBytes = 16 * 1024 * 1024;

/**
 * Splits at line feeds only. `node:readline` also splits at characters that may stand inside of JSON (U+2028).
 * @throws for a line that is too long
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]).toString();
      [parts, length, start] = [[], 0, end + 1];
    }
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > maxLineBytes) throw new Error('The file has a line that is too long for an export.');
  }
  if (length > 0) yield Buffer.concat(parts).toString();
}
