import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FakeProcess } from './testing/fake-context.ts';

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
])('a copy that %s breaks off leaves nothing', async (signal, exitCode) => {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-backup-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const { promise: copying, resolve: isCopying } = Promise.withResolvers<void>();
  const copyDatabase = async (_: string, to: string) => {
    for (const suffix of ['', '-journal']) writeFileSync(to + suffix, 'a part');
    isCopying();
    await new Promise(() => {});
  };
  const process = new FakeProcess({ installation: { copyDatabase } });
  void process.run('backup', directory);
  await copying;
  expect(readdirSync(directory)).toHaveLength(2);
  process.emit(signal);
  expect(readdirSync(directory)).toEqual([]);
  expect(process.exitCodes).toEqual([exitCode]);
});
