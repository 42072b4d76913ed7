import { closeSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { StartupError } from '../../src/startup-error.ts';
import { copyDatabase, foldDatabase } from '../../src/storage/sqlite-backup.ts';
import { createDirectory } from '../support/engines.ts';

test('a copy is of the moment at which it began, and ends however often is written meanwhile', async () => {
  const { location } = await filledDirectory();
  const to = join((await createDirectory()).location, 'copy.db');
  closeSync(openSync(to, 'wx'));
  const writer = new Database(join(location, 'keywright.db'));
  const insert = writer.prepare('INSERT INTO ballast (bytes) VALUES (randomblob(100))');
  const count = writer.prepare('SELECT count(*) FROM ballast').pluck();
  const before = count.get();
  const parts: number[] = [];
  await copyDatabase(location, to, (part) => {
    if (parts.push(part) > 20) throw new Error('it began anew again and again');
    insert.run();
  });
  expect(parts.length).toBeGreaterThan(2);
  expect(parts).toEqual([...parts].sort((a, b) => a - b));
  expect(count.get()).toBe(Number(before) + parts.length);
  writer.close();

  const copy = new Database(to, { readonly: true });
  expect(copy.prepare('SELECT count(*) FROM ballast').pluck().get()).toBe(before);
  expect(copy.pragma('journal_mode', { simple: true })).toBe('delete');
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
  copy.close();
  expect(readdirSync(join(to, '..'))).toEqual(['copy.db']);
});

test('a database that another program has open is not folded into its file', async () => {
  const { location } = await filledDirectory();
  const path = join(location, 'keywright.db');
  const reader = new Database(path, { readonly: true });
  reader.prepare('SELECT count(*) FROM ballast').get();
  expect(() => foldDatabase(path)).toThrow(StartupError);
  reader.close();
  foldDatabase(path);
  expect(readdirSync(location).filter((name) => /-(wal|shm|journal)$/.test(name))).toEqual([]);
});

/** A data directory with a database of some 3000 pages. */
async function filledDirectory() {
  const place = await createDirectory();
  await (await place.open()).close();
  await place.query('CREATE TABLE ballast (bytes BLOB)');
  await place.query(`INSERT INTO ballast WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    SELECT randomblob(3500) FROM n`);
  return place;
}
