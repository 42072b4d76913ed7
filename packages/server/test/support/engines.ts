import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { describe, inject, onTestFinished } from 'vitest';
import { createTestDatabase } from '../../../../test-support/database.ts';
import type { Engine } from '../../src/storage/engine.ts';
import { openPostgres } from '../../src/storage/postgres.ts';
import { openSqlite } from '../../src/storage/sqlite.ts';
import { databaseFile } from '../../src/storage/sqlite-files.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** Where one test's data lies: a directory or a database of its own, which goes with the test. */
export interface Place {
  engine: Engine;
  /** The directory on SQLite, else the database's address. */
  location: string;
  /** Opens it as the service does. It is closed at the end of the test. */
  open(): Promise<Storage>;
  /** Runs a statement past all of Keywright, on a connection of its own. */
  query<Row = unknown>(statement: string): Promise<Row[]>;
}

/** Runs the same tests on both engines. `createPlace` gives each test an empty one. */
export function forEachEngine(define: (createPlace: () => Promise<Place>, engine: Engine) => void): void {
  describe.each(['sqlite', 'postgres'] as const)('%s', (engine) => {
    define(engine === 'sqlite' ? createDirectory : createDatabase, engine);
  });
}

/** An empty data directory for SQLite. */
export async function createDirectory(): Promise<Place> {
  const location = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  onTestFinished(() => rmSync(location, { recursive: true, force: true }));
  return {
    engine: 'sqlite',
    location,
    open: () => openForTest(() => openSqlite(location)),
    async query<Row>(statement: string) {
      const database = new Database(join(location, databaseFile), { timeout: 5000 });
      try {
        const prepared = database.prepare(statement);
        if (prepared.reader) return prepared.all() as Row[];
        prepared.run();
        return [];
      } finally {
        database.close();
      }
    },
  };
}

/** An empty database on the PostgreSQL of the test run. */
export async function createDatabase(): Promise<Place> {
  const { url, drop } = await createTestDatabase(inject('postgresUrl'));
  onTestFinished(drop);
  return {
    engine: 'postgres',
    location: url,
    open: () => openForTest(() => openPostgres({ url, onIdleError() {} })),
    query: (statement) => queryPostgres(url, statement),
  };
}

/** Runs a statement on a connection of its own. */
export async function queryPostgres<Row>(url: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows as Row[];
  } finally {
    await client.end();
  }
}

async function openForTest(open: () => Promise<Storage>): Promise<Storage> {
  const storage = await open();
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= storage.close();
    return closing;
  };
  onTestFinished(close);
  return { ...storage, close };
}
