import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { SystemClock } from '../../src/domain/clock.ts';
import { createChange } from '../../src/ledger/change.ts';
import { checkChain } from '../../src/ledger/check-chain.ts';
import { scanLedger } from '../../src/ledger/export-ledger.ts';
import { databaseFile } from '../../src/storage/sqlite-files.ts';
import { createSqliteTransaction } from '../../src/storage/sqlite-transaction.ts';
import { openWriter } from '../../src/storage/sqlite-writer.ts';
import { createDirectory } from '../support/engines.ts';
import { storedProject } from '../support/records.ts';
import { admin } from '../support/running-engine.ts';

test('when SQLite gives a transaction up in the middle, nothing of it is left, and all of its changes are told why', async () => {
  const place = await createDirectory();
  const storage = await place.open();
  const writer = openWriter(join(place.location, databaseFile));
  onTestFinished(() => writer.db.destroy());
  const change = createChange({
    transaction: createSqliteTransaction(writer),
    clock: new SystemClock(),
    wake() {},
  });
  // The row of the ledger is what needs room. It is written side by side with the new head, which needs none.
  const createProject = () =>
    change(admin, async (stores) => {
      const project = storedProject();
      await stores.projects.insert(project);
      const subject = { type: 'project' as const, id: project.id, name: null };
      const entry = { action: 'project.created' as const, projectId: project.id, subject };
      return { value: null, entries: [{ ...entry, detail: { text: 'x'.repeat(20_000) } }] };
    });
  await createProject();
  const { rows } = await sql<{ page_count: number }>`PRAGMA page_count`.execute(writer.db);
  await sql.raw(`PRAGMA max_page_count = ${(rows[0]?.page_count ?? 0) + 17}`).execute(writer.db);

  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, createProject));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(failures.length).toBeGreaterThan(0);
  for (const failure of failures) {
    expect(failure).toMatchObject({
      code: 'unavailable',
      detail: 'The disk of the database is full. Nothing was changed.',
    });
  }

  await sql.raw('PRAGMA max_page_count = 1000000').execute(writer.db);
  await createProject();
  const succeeded = 2 + outcomes.length - failures.length;
  const storedHead = await storage.stores.ledger.head();
  expect(await checkChain(scanLedger(storage.stores.ledger, {}), { storedHead })).toMatchObject({
    holds: true,
    rows: succeeded,
  });
  const [projects] = await place.query<{ count: number }>('SELECT count(*) AS count FROM projects');
  expect(projects?.count).toBe(succeeded);
});
