import Database from 'better-sqlite3';
import { Kysely, sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { parameter, StableSqliteDialect } from '../../src/storage/sqlite-compiler.ts';
import { forSqlite } from '../../src/storage/statement.ts';

function openInMemory() {
  const database = new Database(':memory:');
  onTestFinished(() => void database.close());
  return database;
}

test('a parameter hands on every value as it is, whatever its type', () => {
  const database = openInMemory();
  const statement = database.prepare(`SELECT ${parameter} AS value, typeof(${parameter}) AS type`);
  const values: [unknown, string][] = [
    [null, 'null'],
    [2 ** 52, 'real'],
    [2n ** 62n, 'integer'],
    [-0.5, 'real'],
    ['', 'text'],
    ['007', 'text'],
    ['-1e3', 'text'],
    ['a\u{1f511}"\'', 'text'],
    [Buffer.from([0, 255, 49]), 'blob'],
    [Buffer.alloc(0), 'blob'],
  ];
  statement.safeIntegers();
  for (const [value, type] of values) expect(statement.get(value, value)).toEqual({ value, type });
});

test('it is compared and kept as the column has it, and finds by an index', () => {
  const database = openInMemory();
  database.exec('CREATE TABLE things (id TEXT PRIMARY KEY, count INTEGER NOT NULL, hash BLOB) STRICT');
  const hash = Buffer.from('00ff', 'hex');
  database.prepare(`INSERT INTO things VALUES (${parameter}, ${parameter}, ${parameter})`).run('42', 7, hash);
  const find = `SELECT id, count, hash FROM things WHERE id = ${parameter} AND count >= ${parameter} LIMIT ${parameter}`;
  expect(database.prepare(find).all('42', 7, 1)).toEqual([{ id: '42', count: 7, hash }]);
  expect(database.prepare(find).all('042', 7, 1)).toEqual([]);
  expect(database.prepare(`EXPLAIN QUERY PLAN ${find}`).all('42', 7, 1)).toMatchObject([
    { detail: expect.stringContaining('SEARCH things USING INDEX') },
  ]);
});

test('every statement has its parameters written so', () => {
  expect(forSqlite('SELECT $1, $2 FROM keys WHERE id = $3 FOR UPDATE')).toBe(
    'SELECT +?, +? FROM keys WHERE id = +?',
  );
  const db = new Kysely<{ keys: { id: string } }>({
    dialect: new StableSqliteDialect({ database: openInMemory() }),
  });
  const query = db
    .selectFrom('keys')
    .select('id')
    .where('id', 'in', ['a', 'b'])
    .where(sql<boolean>`id > ${'a'}`);
  expect(query.limit(3).compile().sql).toBe(
    'select "id" from "keys" where "id" in (+?, +?) and id > +? limit +?',
  );
});
