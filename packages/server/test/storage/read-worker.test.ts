import { join } from 'node:path';
import { type Kysely as Database, Kysely, sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { databaseFile } from '../../src/storage/sqlite-files.ts';
import { SqliteReadWorkerDialect } from '../../src/storage/sqlite-read-worker-dialect.ts';
import { createDirectory } from '../support/engines.ts';

async function openReader(fileName = databaseFile): Promise<Database<never>> {
  const place = await createDirectory();
  await (await place.open()).close();
  const db = new Kysely<never>({ dialect: new SqliteReadWorkerDialect(join(place.location, fileName)) });
  onTestFinished(() => db.destroy());
  return db;
}

test('reads side by side are each answered with their own rows', async () => {
  const db = await openReader();
  const reads = Array.from({ length: 50 }, async (_, index) => {
    const { rows } = await sql<{
      n: number;
      bytes: Buffer;
    }>`SELECT ${index} AS n, ${Buffer.from([index])} AS bytes`.execute(db);
    expect(rows).toEqual([{ n: index, bytes: Buffer.from([index]) }]);
    expect(rows[0]?.bytes).toBeInstanceOf(Buffer);
  });
  await Promise.all(reads);
});

test('a read that fails says why, and the next one goes on', async () => {
  const db = await openReader();
  await expect(sql`SELECT * FROM missing`.execute(db)).rejects.toMatchObject({
    message: 'no such table: missing',
    code: 'SQLITE_ERROR',
  });
  expect((await sql`SELECT 1 AS one`.execute(db)).rows).toEqual([{ one: 1 }]);
});

test('nothing is written through it', async () => {
  const db = await openReader();
  await expect(sql`UPDATE ledger_head SET seq = 7 RETURNING seq`.execute(db)).rejects.toMatchObject({
    code: 'SQLITE_READONLY',
  });
});

test('when the thread cannot work every read fails, and none waits for ever', async () => {
  const db = await openReader('missing.db');
  for (let i = 0; i < 3; i++) {
    await expect(sql`SELECT 1`.execute(db)).rejects.toMatchObject({ code: 'unavailable' });
  }
  await db.destroy();
});
