import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeDirectory } from './make-directory.ts';

const root = mkdtempSync(join(tmpdir(), 'keywright-make-directory-'));
afterAll(() => rmSync(root, { recursive: true }));

test('makes what is missing, for its owner only, and leaves what is there as it is', () => {
  mkdirSync(join(root, 'open'), { mode: 0o755 });
  const path = join(root, 'open', 'a', 'b');
  makeDirectory(path);
  makeDirectory(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(root, 'open', 'a')).mode & 0o777).toBe(0o700);
  expect(statSync(join(root, 'open')).mode & 0o777).toBe(0o755);
});

test('says what is in the way', () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  expect(() => makeDirectory(file)).toThrow(/EEXIST/);
  expect(() => makeDirectory(join(file, 'below'))).toThrow(/ENOTDIR|EEXIST/);
});

test.runIf(process.platform === 'linux')('ends where nothing can be made', () => {
  expect(() => makeDirectory('/proc/keywright/data')).toThrow(/ENOENT/);
});
