import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { checkDatabaseFile } from '../../src/cli/backup/check-database-file.ts';
import { formatHead } from '../../src/cli/head-text.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { openDatabaseFile } from '../../src/storage/database-file.ts';
import { foldDatabase } from '../../src/storage/sqlite-backup.ts';
import { createDirectory } from '../support/engines.ts';
import { insertKey, insertProject } from '../support/records.ts';
import { admin, startEngine } from '../support/running-engine.ts';

/** A database with projects, a key and four rows of the ledger, in one file. */
async function createFile(): Promise<string> {
  const place = await createDirectory();
  const storage = await place.open();
  const { context, heartbeat } = await startEngine(storage);
  for (const name of ['one', 'two', 'three', 'four'])
    await createProject(context, admin, { name, preset: 'standard' });
  await storage.transaction(async (stores) => {
    const { id: projectId } = await insertProject(stores);
    await insertKey(stores, { projectId });
  });
  await heartbeat.stop();
  await storage.close();
  const file = join(place.location, 'copy.db');
  copyFileSync(join(place.location, 'keywright.db'), file);
  foldDatabase(file);
  return file;
}

/** The head that the check answers, or what it says is wrong. */
function check(file: string): Promise<string> {
  const checking = checkDatabaseFile({ openDatabaseFile }, file, 'The copy');
  return checking.then(formatHead, (error: Error) => error.message);
}

test('a whole file answers the head of its ledger', async () => {
  expect(await check(await createFile())).toMatch(/^4:[0-9a-f]{64}$/);
});

describe('a file is refused', () => {
  test('that is no database', async () => {
    const file = await createFile();
    writeFileSync(file, 'no database '.repeat(999));
    expect(await check(file)).toBe('The copy cannot be opened');
    writeFileSync(file, '');
    expect(await check(file)).toBe('The copy is no database of Keywright.');
  });

  test('that is cut off', async () => {
    const file = await createFile();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length / 2));
    expect(await check(file)).toMatch(/^The copy (is damaged|cannot be opened)/);
  });

  test('in which a word of the ledger is another', async () => {
    const file = await createFile();
    const bytes = readFileSync(file);
    bytes.write('"action":"project.deleted"', bytes.lastIndexOf('"action":"project.created"'));
    writeFileSync(file, bytes);
    // SQLite has no checksums, so that only the chain tells.
    expect(await check(file)).toMatch(/^The ledger of the copy does not hold: row \d was changed/);
  });

  test.each([
    [['DELETE FROM ledger_private WHERE seq = 2', 'DELETE FROM ledger WHERE seq = 2'], /: row 2 is missing/],
    [
      ['DELETE FROM ledger_private WHERE seq = 4', 'DELETE FROM ledger WHERE seq = 4'],
      /: row 4 is missing at/,
    ],
    [
      ['DELETE FROM projects'],
      /^The copy is damaged. A row of \w+ belongs to one of projects that is not there.$/,
    ],
    [['DROP TABLE ledger_head'], /no such table: ledger_head/],
    [[`INSERT INTO keywright_migrations (name, timestamp) VALUES ('9999-later', '2099')`], /newer Keywright/],
    [['DROP TABLE keywright_migrations'], /no database of Keywright/],
  ])('after %j', async (statements, said) => {
    const file = await createFile();
    const database = new Database(file);
    database.pragma('foreign_keys = OFF');
    for (const statement of statements) database.exec(statement);
    database.close();
    expect(await check(file)).toMatch(said);
  });

  test('with an index that does not say what the table says', async () => {
    const file = await createFile();
    const database = new Database(file);
    database.unsafeMode();
    database.pragma('writable_schema = ON');
    database.exec(`UPDATE sqlite_schema SET sql = replace(sql, '(project_id, seq)', '(actor_id, seq)')
      WHERE name = 'ledger_project'`);
    database.close();
    expect(await check(file)).toMatch(/^The copy is damaged\. SQLite says of it: /);
  });
});
