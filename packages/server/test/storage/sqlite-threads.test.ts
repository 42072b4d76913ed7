import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Kysely as Database, Kysely, sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { databaseFile } from '../../src/storage/sqlite-files.ts';
import { SqliteThread } from '../../src/storage/sqlite-thread.ts';
import { readInThread } from '../../src/storage/sqlite-thread-dialect.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { createDirectory, type Place } from '../support/engines.ts';
import { until } from '../support/waiting.ts';

async function openReader(fileName = databaseFile): Promise<Database<never>> {
  const place = await createDirectory();
  await (await place.open()).close();
  const db = new Kysely<never>({ dialect: readInThread(join(place.location, fileName)) });
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

test('a database that was opened and closed leaves no thread, whether it was used or not', async () => {
  const place = await createDirectory();
  const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = threads();
  for (const use of [
    async () => {},
    (storage: Storage) => storage.stores.ledger.head(),
    (storage: Storage) => claim(storage, 'a'),
  ]) {
    const storage = await place.open();
    await use(storage);
    await storage.close();
    await until(() => threads() === before, 'its threads are gone');
  }
});

describe('background transactions', () => {
  test('one that fails leaves nothing behind, and the next one goes on', async () => {
    const { storage, place } = await openBoth();
    const failing = storage.backgroundTransaction(async ({ usage }) => {
      await usage.claimBatch('a', 1, 0);
      throw new Error('no more of this');
    });
    await expect(failing).rejects.toThrow('no more of this');
    expect(await batches(place)).toEqual([]);
    await claim(storage, 'b');
    expect(await batches(place)).toEqual(['b']);
  });

  test('changes and they take turns, and the loop of events goes on meanwhile', async () => {
    const { storage, place } = await openBoth();
    const order: string[] = [];
    const entered = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const background = storage.backgroundTransaction(async ({ usage }) => {
      await usage.claimBatch('a', 1, 0);
      entered.resolve();
      await gate.promise;
      order.push('background');
    });
    await entered.promise;
    const change = storage.transaction(async ({ usage }) => {
      await usage.claimBatch('b', 1, 0);
      order.push('change');
    });
    for (let i = 0; i < 2; i++) await nextTurn();
    const next = claim(storage, 'c').then(() => order.push('next'));
    for (let i = 0; i < 20; i++) await nextTurn();
    expect(order).toEqual([]);
    // Reads do not wait for either.
    expect(await storage.stores.ledger.head()).toMatchObject({ seq: 0 });
    gate.resolve();
    await Promise.all([background, change, next]);
    expect(order).toEqual(['background', 'change', 'next']);
    expect(await batches(place)).toEqual(['a', 'b', 'c']);
  });

  test('what one still sends when it is over becomes no part of the next', async () => {
    const { storage, place } = await openBoth();
    let late: (() => Promise<unknown>) | undefined;
    const failing = storage.backgroundTransaction(async ({ usage }) => {
      late = () => usage.claimBatch('late', 1, 0);
      throw new Error('over');
    });
    await expect(failing).rejects.toThrow('over');
    await storage.backgroundTransaction(async ({ usage }) => {
      await expect(late?.()).rejects.toThrow('the transaction is over');
      await usage.claimBatch('a', 1, 0);
    });
    expect(await batches(place)).toEqual(['a']);
  });
});

describe('a thread that writes', () => {
  const fill = 'INSERT INTO usage_batches (node, batch, at) VALUES (hex(randomblob(20000)), 1, 0)';
  const small = "INSERT INTO usage_batches (node, batch, at) VALUES ('small', 1, 0)";

  test('what was sent behind a statement for which SQLite gave the transaction up is not committed', async () => {
    const { thread, place } = await openThread();
    const [{ page_count: pages }] = (await thread.run('PRAGMA page_count', [])) as [{ page_count: number }];
    await thread.run(`PRAGMA max_page_count = ${pages + 2}`, []);
    await thread.run('BEGIN IMMEDIATE', []);
    const outcomes = await Promise.allSettled(
      [fill, small, 'COMMIT'].map((sql) => thread.run(sql, [], true)),
    );
    const codes = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code);
    expect(codes).toEqual(['SQLITE_FULL', 'SQLITE_ABORT_ROLLBACK', 'SQLITE_ABORT_ROLLBACK']);
    expect(await batches(place)).toEqual([]);
  });

  test('one that is killed in the middle leaves nothing behind, and lets others write', async () => {
    const { thread, place, storage } = await openThread();
    await thread.run('BEGIN IMMEDIATE', []);
    await thread.run(small, [], true);
    await thread.kill();
    expect(thread.isEnded).toBe(true);
    await expect(thread.run('COMMIT', [], true)).rejects.toMatchObject({ code: 'unavailable' });
    await claim(storage, 'other');
    expect(await batches(place)).toEqual(['other']);
  });
});

async function openBoth() {
  const place = await createDirectory();
  const storage = await place.open();
  return { place, storage };
}

async function openThread() {
  const { place, storage } = await openBoth();
  const thread = new SqliteThread({ path: join(place.location, databaseFile), mode: 'write' });
  onTestFinished(() => (thread.isEnded ? undefined : thread.close()));
  return { place, storage, thread };
}

function claim(storage: Storage, node: string) {
  return storage.backgroundTransaction(({ usage }) => usage.claimBatch(node, 1, 0));
}

async function batches(place: Place): Promise<string[]> {
  const rows = await place.query<{ node: string }>('SELECT node FROM usage_batches ORDER BY node');
  return rows.map(({ node }) => node);
}
