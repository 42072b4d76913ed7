import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { createKey } from '../../src/keys/create-key.ts';
import { listKeys } from '../../src/keys/list-keys.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { databaseFile } from '../../src/storage/sqlite-files.ts';
import { createSqliteTransaction } from '../../src/storage/sqlite-transaction.ts';
import { openWriter } from '../../src/storage/sqlite-writer.ts';
import { expectConsistent } from '../support/consistency.ts';
import { createDirectory } from '../support/engines.ts';
import { admin, expectIntactLedger, startEngine, tally } from '../support/running-engine.ts';

test('a full disk refuses changes as a whole, loses nothing, and stops no reads', async () => {
  const place = await createDirectory();
  const storage = await place.open();
  // A writer like the storage's own, within reach: the database may not grow beyond so many pages.
  const writer = openWriter(join(place.location, databaseFile));
  onTestFinished(() => writer.db.destroy());
  const engine = await startEngine({ ...storage, transaction: createSqliteTransaction(writer) });
  const { context } = engine;
  const policy = { maxKeysPerOwner: null };
  const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard', policy });
  const description = 'x'.repeat(500);
  const create = (index: number) =>
    createKey(context, admin, projectId, { name: `Key ${index}`, ownerId: 'o', description });
  const [warm, cold] = [await create(-1), await create(-2)];
  expect(await engine.verify(warm.secret)).toBe('valid');

  const { rows } = await sql<{ page_count: number }>`PRAGMA page_count`.execute(writer.db);
  await sql.raw(`PRAGMA max_page_count = ${(rows[0]?.page_count ?? 0) + 60}`).execute(writer.db);
  const outcome = await tally(Array.from({ length: 200 }, (_, index) => create(index)));
  expect(Object.keys(outcome).sort()).toEqual(['succeeded', 'unavailable']);
  await expect(create(1000)).rejects.toMatchObject({
    code: 'unavailable',
    detail: 'The disk of the database is full. Nothing was changed.',
  });
  for (const { secret } of [warm, cold]) expect(await engine.verify(secret)).toBe('valid');
  const made = 2 + (outcome.succeeded ?? 0);
  const { page } = await listKeys(context, admin, projectId, { limit: 10, sort: 'name', search: 'KEY' });
  expect(page.total).toBe(made);
  expect((await expectIntactLedger(engine)).rows).toBe(made + 1);
  await expectConsistent(place);

  await sql.raw('PRAGMA max_page_count = 1000000').execute(writer.db);
  expect(await tally(Array.from({ length: 20 }, (_, index) => create(2000 + index)))).toEqual({
    succeeded: 20,
  });
  await revokeKey(context, admin, warm.key.id, null);
  expect(await engine.verify(warm.secret)).toBe('revoked');
  expect((await expectIntactLedger(engine)).rows).toBe(made + 1 + 20 + 1);
  await expectConsistent(place);
});
