import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { StartupError } from '../../src/startup-error.ts';
import { inspectStorage, openReadOnly } from '../../src/storage/inspect.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { migrations } from '../../src/storage/migrations/index.ts';
import { createPool, openPostgres } from '../../src/storage/postgres.ts';
import type { Schema } from '../../src/storage/schema.ts';
import { databaseFile } from '../../src/storage/sqlite-files.ts';
import { openWriter } from '../../src/storage/sqlite-writer.ts';
import { startProcess } from '../support/child-process.ts';
import { createDatabase, forEachEngine, type Place } from '../support/engines.ts';
import { insertProject } from '../support/records.ts';

const hanging = new URL('./migrate-and-hang.process.ts', import.meta.url);

forEachEngine((createPlace) => {
  test('a start on nothing makes the schema, and the next one changes nothing', async () => {
    const place = await createPlace();
    const first = await place.open();
    await first.transaction((stores) => insertProject(stores));
    await first.close();
    const before = await describeSchema(place);
    expect(before.length).toBeGreaterThan(20);
    const second = await place.open();
    expect(await describeSchema(place)).toEqual(before);
    expect(await second.stores.projects.count(null, 10)).toBe(1);
    expect(await second.stores.ledger.head()).toMatchObject({ seq: 0 });
  });

  test('a first start that was killed in the middle left nothing behind', async () => {
    const place = await createPlace();
    const process = startProcess(hanging, [place.engine, place.location]);
    await process.says('inside');
    await process.kill();
    const storage = await place.open();
    await expectUntouched(place);
    await storage.transaction((stores) => insertProject(stores));
    expect(await storage.stores.projects.count(null, 10)).toBe(1);
  });

  test('a migration of a database in use that was killed in the middle changed nothing', async () => {
    const place = await createPlace();
    const former = await place.open();
    const project = await former.transaction((stores) => insertProject(stores, { name: 'Whole' }));
    await former.close();
    const before = await describeSchema(place);

    for (let attempt = 0; attempt < 2; attempt++) {
      const process = startProcess(hanging, [place.engine, place.location]);
      await process.says('inside');
      await process.kill();
    }
    const storage = await place.open();
    expect(await describeSchema(place)).toEqual(before);
    expect(await storage.stores.projects.find(project.id)).toEqual({ ...project, keyCount: 0 });
  });

  test('keys from before they were counted and indexed are counted and found', async () => {
    const place = await createPlace();
    await migrateUpTo('0007', place);
    const columns = 'name, format, status, scopes, metadata, ip_allow, created_at, created_by, updated_at';
    for (const statement of [
      `INSERT INTO projects (id, name, preset, policy, wording, created_at) VALUES ('prj_1', 'A', 'standard', '{}', '{}', 1)`,
      `INSERT INTO channels (id, project_id, slug, name, policy, created_at) VALUES ('chn_1', 'prj_1', 'maps', 'A', '{}', 1)`,
      ...[1, 2, 3].map(
        (number) => `INSERT INTO keys (id, project_id, channel_id, deleted_at, search_text, ${columns})
          VALUES ('key_${number}', 'prj_1', ${number === 2 ? 'NULL' : `'chn_1'`}, ${number === 3 ? '7' : 'NULL'},
            'number ${number}', 'Number ${number}', 'token', 'active', '[]', '{}', '[]', 1, 'svc_1', 1)`,
      ),
    ])
      await place.query(statement);
    const { stores } = await place.open();
    expect(await stores.projects.find('prj_1')).toMatchObject({ keyCount: 2 });
    expect(await stores.channels.find('chn_1')).toMatchObject({ keyCount: 1 });
    const slice = { from: null, direction: 'next', limit: 10 } as const;
    for (const [search, found] of [
      ['number', ['key_2', 'key_1']],
      ['MBER 1', ['key_1']],
      ['number 3', []],
    ] as const) {
      const keys = await stores.keys.list({ projectId: 'prj_1', search }, '-createdAt', slice, 10);
      expect(keys.map(({ id }) => id)).toEqual(found);
    }
  });

  test('keys from before searches were folded are found all the same', async () => {
    const place = await createPlace();
    await migrateUpTo('0013', place);
    await place.query(
      `INSERT INTO projects (id, name, preset, policy, wording, created_at) VALUES ('prj_1', 'A', 'standard', '{}', '{}', 1)`,
    );
    const columns = 'format, status, scopes, metadata, ip_allow, created_at, created_by, updated_at';
    for (const [id, name] of Object.entries({ key_1: 'Große Straße', key_2: 'λόγος', key_3: 'ﬁve' }))
      await place.query(`INSERT INTO keys (id, project_id, name, search_text, ${columns})
        VALUES ('${id}', 'prj_1', '${name}', '${name.toLowerCase()}', 'token', 'active', '[]', '{}', '[]', 1, 'svc_1', 1)`);
    const { stores } = await place.open();
    const slice = { from: null, direction: 'next', limit: 10 } as const;
    for (const [search, found] of [
      ['GROSSE STRASSE', ['key_1']],
      ['große', ['key_1']],
      ['ΛΌΓΟΣ', ['key_2']],
      ['FIVE', ['key_3']],
    ] as const) {
      const keys = await stores.keys.list({ projectId: 'prj_1', search }, '-createdAt', slice, 10);
      expect(keys.map(({ id }) => id)).toEqual(found);
    }
  });

  test('a database that a newer program wrote is not touched, and the reason is a sentence', async () => {
    const place = await createPlace();
    await (await place.open()).close();
    await place.query(
      `INSERT INTO keywright_migrations (name, timestamp) VALUES ('9999-future', '2030-01-01T00:00:00.000Z')`,
    );
    const before = await describeSchema(place);
    const sentence = /^This database was written by a newer Keywright\. .+\.$/;
    await expectRefusal(() => place.open(), sentence);
    await expectRefusal(() => openReadOnly(locationOf(place)), sentence);
    expect(await describeSchema(place)).toEqual(before);
    await place.query(`DELETE FROM keywright_migrations WHERE name = '9999-future'`);
    await place.open();
  });

  test('nothing is read from a database that is not there yet, and looking makes none', async () => {
    const place = await createPlace();
    await expectRefusal(() => openReadOnly(locationOf(place)), /start Keywright once\.$/);
    const storage = await place.open();
    await storage.transaction((stores) => insertProject(stores));
    const { stores, close } = await openReadOnly(locationOf(place));
    expect(await stores.projects.count(null, 10)).toBe(1);
    await close();
  });
});

test('on PostgreSQL the tables of another schema are not taken for those of its own', async () => {
  const place = await createDatabase();
  await (await place.open()).close();
  await place.query(`CREATE SCHEMA own`);
  const url = new URL(place.location);
  url.searchParams.set('options', '-c search_path=own');
  const location = { databaseUrl: url.href, dataDir: '' };
  expect(await inspectStorage(location)).toMatchObject({ migrations: 'none', fault: null });
  await (await openPostgres({ url: url.href, onIdleError() {} })).close();
  expect(await inspectStorage(location)).toMatchObject({ migrations: 'current', fault: null });
  const schemas = `SELECT count(DISTINCT table_name)::int AS tables FROM information_schema.tables
    WHERE table_schema IN ('public', 'own') GROUP BY table_schema`;
  const counts = await place.query<{ tables: number }>(schemas);
  expect(counts).toEqual([counts[0], counts[0]]);
});

test('on PostgreSQL a start among the tables of something else says so, and leaves nothing behind', async () => {
  const place = await createDatabase();
  await place.query(`CREATE TABLE keys (id text)`);
  const before = await describeSchema(place);
  await expectRefusal(() => place.open(), /"keys" already exists\. Tables of something else are in the way/);
  expect(await describeSchema(place)).toEqual(before);
});

test('on PostgreSQL what a user may do is judged by what is still to be made', async () => {
  const place = await createDatabase();
  const user = `u${randomBytes(8).toString('hex')}`;
  await place.query(`CREATE ROLE ${user} LOGIN PASSWORD 'pa55word'`);
  onTestFinished(async () => void (await place.query(`DROP OWNED BY ${user}; DROP ROLE ${user}`)));
  const url = Object.assign(new URL(place.location), { username: user, password: 'pa55word' });
  const location = { databaseUrl: url.href, dataDir: '' };
  const fault = { fault: 'the user may make no tables in the schema public.' };
  expect(await inspectStorage(location)).toMatchObject({ migrations: 'none', fault });
  const open = () => openPostgres({ url: url.href, onIdleError() {} });
  await expectRefusal(open, /may make no tables in the schema public\. Make it the owner/);
  await (await place.open()).close();
  await place.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${user}`);
  expect(await inspectStorage(location)).toMatchObject({ migrations: 'current', fault: null });
  await (await open()).close();
});

/** The schema as it was before a migration. */
async function migrateUpTo(name: string, place: Place): Promise<void> {
  const former = Object.fromEntries(Object.entries(migrations).filter(([migration]) => migration < name));
  const pool = place.engine === 'sqlite' ? null : createPool(place.location, () => {});
  const db =
    pool === null
      ? openWriter(join(place.location, databaseFile)).db
      : new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  await migrate(db, place.engine, former);
  await db.destroy();
}

/** All tables, columns and indexes, as the engine itself describes them. */
async function describeSchema(place: Place): Promise<string[]> {
  const statement =
    place.engine === 'sqlite'
      ? `SELECT coalesce(sql, name) AS line FROM sqlite_schema ORDER BY 1`
      : `SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, collation_name) AS line
         FROM information_schema.columns WHERE table_schema = 'public'
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`;
  return (await place.query<{ line: string }>(statement)).map(({ line }) => line);
}

async function expectUntouched(place: Place): Promise<void> {
  const schema = (await describeSchema(place)).join('\n');
  expect(schema).not.toContain('half_done');
  expect(schema).toContain('keys_project_name');
}

async function expectRefusal(open: () => Promise<unknown>, message: RegExp): Promise<void> {
  const error = await open().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupError);
  expect((error as StartupError).message).toMatch(message);
}

function locationOf({ engine, location }: Place) {
  return engine === 'sqlite'
    ? { databaseUrl: null, dataDir: location }
    : { databaseUrl: location, dataDir: '' };
}
