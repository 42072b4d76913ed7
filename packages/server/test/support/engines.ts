import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { beforeAll, describe, inject, onTestFinished } from 'vitest';
import { createTestDatabase } from '../../../../test-support/database.ts';
import type { Engine } from '../../src/storage/engine.ts';
import { openPostgres } from '../../src/storage/postgres.ts';
import { openSqlite } from '../../src/storage/sqlite.ts';
import { databaseFile } from '../../src/storage/sqlite-files.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** Takes what is to be done at the end; the last one first. */
type AtEnd = (end: () => void | Promise<void>) => void;

/** Where one test's data lies: a directory or a database of its own, which goes with the test. */
export interface Place {
  engine: Engine;
  /** The directory on SQLite, else the database's address. */
  location: string;
  /** Opens it as the service does. It is closed at the end. */
  open(): Promise<Storage>;
  /** Runs a statement past all of Keywright, on a connection of its own. */
  query<Row = unknown>(statement: string): Promise<Row[]>;
}

/** Makes an empty place, for one test unless told otherwise. */
type CreatePlace = (atEnd?: AtEnd) => Promise<Place>;

/** Runs the same tests on both engines. */
export function forEachEngine(define: (createPlace: CreatePlace, engine: Engine) => void): void {
  describe.each(['sqlite', 'postgres'] as const)('%s', (engine) => {
    define(engine === 'sqlite' ? createDirectory : createDatabase, engine);
  });
}

/** One place for all tests of a `describe`, filled once: for tests that only read, or keep to projects of their own. */
export function sharePlace(createPlace: CreatePlace, fill: (place: Place) => Promise<void>): () => Place {
  let shared: Place | null = null;
  beforeAll(async () => {
    const ends: (() => void | Promise<void>)[] = [];
    shared = await createPlace((end) => ends.push(end));
    await fill(shared);
    return async () => {
      for (const end of ends.reverse()) await end();
    };
  });
  return () => {
    if (shared === null) throw new Error('the place is made before the tests and not before');
    return shared;
  };
}

/** An empty data directory for SQLite. */
export async function createDirectory(atEnd: AtEnd = onTestFinished): Promise<Place> {
  const location = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  atEnd(() => rmSync(location, { recursive: true, force: true }));
  return {
    engine: 'sqlite',
    location,
    open: () => openUntilEnd(() => openSqlite(location), atEnd),
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
export async function createDatabase(atEnd: AtEnd = onTestFinished): Promise<Place> {
  const { url, drop } = await createTestDatabase(inject('postgresUrl'));
  atEnd(drop);
  return {
    engine: 'postgres',
    location: url,
    open: () => openUntilEnd(() => openPostgres({ url, onIdleError() {} }), atEnd),
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

async function openUntilEnd(open: () => Promise<Storage>, atEnd: AtEnd): Promise<Storage> {
  const storage = await open();
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= storage.close();
    return closing;
  };
  atEnd(close);
  return { ...storage, close };
}
