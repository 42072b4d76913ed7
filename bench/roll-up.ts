import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import type { Engine } from '../packages/server/src/storage/engine.ts';
import { openPostgres } from '../packages/server/src/storage/postgres.ts';
import { openSqlite } from '../packages/server/src/storage/sqlite.ts';
import { databaseFile } from '../packages/server/src/storage/sqlite-files.ts';
import type { Storage } from '../packages/server/src/storage/storage.ts';
import { resolutions } from '../packages/server/src/usage/usage-store.ts';
import { startPostgres } from '../test-support/postgres-server.ts';
import { type Comparison, compare } from './measure.ts';

const few = 1000;
const rowsAtOnce = 500;
const transactions = 20;
const { minute, hour, day } = resolutions;
const oldest = Date.UTC(2026, 0, 1);

/** A transaction of the roll-up with a great many keys that were used, against one with a thousand. */
export async function benchRollUp(rounds: number, count: number): Promise<Comparison[]> {
  return [await onEngine('sqlite', rounds, count), await onEngine('postgres', rounds, count)];
}

async function onEngine(engine: Engine, rounds: number, count: number): Promise<Comparison> {
  const rows = (rounds + 1) * transactions * rowsAtOnce;
  const small = await open(engine, few, rows);
  const large = await open(engine, count, Math.max(rows, count));
  try {
    return await compare(
      {
        name: `roll-up of ${rowsAtOnce} minutes, ${count.toLocaleString('en')} keys in use, ${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}`,
        unit: 'ms',
        againstName: `${few.toLocaleString('en')} keys in use`,
        goal: { atMost: 1.5 },
        ours: () => rollUp(large.storage),
        against: () => rollUp(small.storage),
      },
      rounds,
    );
  } finally {
    await small.close();
    await large.close();
  }
}

/** Milliseconds for each transaction. */
async function rollUp({ backgroundTransaction }: Storage): Promise<number> {
  const step = { from: minute, to: hour, before: oldest + 400 * day };
  const start = performance.now();
  for (let i = 0; i < transactions; i++) {
    const taken = await backgroundTransaction(({ usage }) => usage.rollUp(step, rowsAtOnce));
    if (taken !== rowsAtOnce) throw new Error('there was not enough to roll up');
  }
  return (performance.now() - start) / transactions;
}

async function open(engine: Engine, keys: number, rows: number) {
  if (engine === 'sqlite') {
    const directory = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
    const storage = await openSqlite(directory);
    const database = new Database(join(directory, databaseFile));
    for (const statement of fill(keys, rows, (text) => `CAST(${text} AS BLOB)`)) database.exec(statement);
    database.close();
    const close = async () => {
      await storage.close();
      rmSync(directory, { recursive: true, force: true });
    };
    return { storage, close };
  }
  const server = await startPostgres();
  const storage = await openPostgres({ url: server.url, onIdleError() {} });
  const client = new Client({ connectionString: server.url });
  await client.connect();
  for (const statement of fill(keys, rows, (text) => `convert_to(${text}, 'UTF8')`))
    await client.query(statement);
  await client.query('VACUUM ANALYZE');
  await client.end();
  const close = async () => {
    await storage.close();
    await server.stop();
  };
  return { storage, close };
}

/** A meter for each key, and minutes in turn over all of them. */
function fill(keys: number, rows: number, bytes: (text: string) => string): string[] {
  const numbers = (count: number) =>
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})`;
  const first = '(SELECT min(id) FROM meters)';
  return [
    `INSERT INTO meters (subject, key_id)
     ${numbers(keys)} SELECT ${bytes(`'meter ' || i`)}, 'key_' || i FROM n`,
    `INSERT INTO usage (meter_id, resolution, at, code, count, last_at)
     ${numbers(rows)} SELECT ${first} + i % ${keys}, ${minute}, ${oldest} + (i / 1000) * CAST(${minute} AS bigint), 0, 1, ${oldest} FROM n`,
  ];
}
