import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLines } from './read-lines.ts';

test('lines come out whole, however the chunks are cut', async () => {
  const line = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\n') && text.isWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (lines, size) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect(await collect(chunks)).toEqual(lines);
    }),
  );
});

test('a last line without a line feed counts', async () => {
  expect(await collect([Buffer.from('a\nb')])).toEqual(['a', 'b']);
  expect(await collect([])).toEqual([]);
  expect(await collect([Buffer.from('\n\n')])).toEqual(['', '']);
});

test('separators that JSON may hold do not split', async () => {
  expect(await collect([Buffer.from('"a\u2028b\u2029c\u0085"\n')])).toEqual(['"a\u2028b\u2029c\u0085"']);
});

test('a line that never ends does not fill the memory', async () => {
  const endless = Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(1024 * 1024, 'x');
    })(),
  );
  await expect(collect(endless)).rejects.toThrow('too long');
});

async function collect(chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks))) lines.push(line);
  return lines;
}
