import { createHash } from 'node:crypto';
import { keySorts } from '@keywright/contract';
import { expect, test } from 'vitest';
import type { Position } from '../../src/domain/paginate.ts';
import {
  channelQuery,
  importsQuery,
  keyQuery,
  queryEach,
  serviceKeyQuery,
  tailQuery,
} from '../../src/storage/point-queries.ts';
import { createDatabase, forEachEngine, type Place, sharePlace } from '../support/engines.ts';
import { createPlanner, type Plan } from '../support/plans.ts';

const count = 20_000;
const now = 1_000_000;
const limit = 21;
/** A page may look at some rows more than it shows, but not at a part of the project that grows with it. */
const mostRows = 20 * limit;

forEachEngine((createPlace) => {
  const getPlace = sharePlace(createPlace, fill);

  test('a page of keys costs the same wherever it is: sought by an index, never sorted', async () => {
    const { explain } = createPlanner(getPlace());
    for (const sort of keySorts) {
      const plans: Plan[] = [];
      for (const from of positions(sort)) {
        for (const direction of ['next', 'previous'] as const) {
          const slice = { from, direction, limit };
          plans.push(...(await explain(({ keys }) => keys.list({ projectId: 'prj_a' }, sort, slice, now))));
        }
      }
      for (const plan of plans) expectSought(plan, ['keys', 'secrets', 'key_last_use']);
    }
  });

  test('the keys of a channel, of an owner and of a status are sought too, newest first', async () => {
    const { explain } = createPlanner(getPlace());
    const statuses = ['active', 'inactive', 'revoked'] as const;
    const filters = [
      { channelId: 'chn_a' },
      { ownerId: 'owner-7' },
      ...statuses.map((status) => ({ status })),
    ];
    for (const filter of filters) {
      for (const from of [null, { value: null, id: 'key_1010000' }]) {
        for (const direction of ['next', 'previous'] as const) {
          const plans = await explain(({ keys }) =>
            keys.list({ projectId: 'prj_a', ...filter }, '-createdAt', { from, direction, limit }, now),
          );
          for (const plan of plans) expectSought(plan, ['keys', 'secrets', 'key_last_use']);
        }
      }
    }
  });

  test('expired keys are sought in order of creation, although time alone makes them so', async () => {
    const { explain } = createPlanner(getPlace());
    for (const from of [null, { value: null, id: 'key_1010000' }]) {
      for (const direction of ['next', 'previous'] as const) {
        const plans = await explain(({ keys }) =>
          keys.list(
            { projectId: 'prj_a', status: 'expired' },
            '-createdAt',
            { from, direction, limit },
            2 * now,
          ),
        );
        for (const plan of plans) expectLittleRead(plan, ['keys', 'secrets', 'key_last_use']);
      }
    }
  });

  test('few keys of many are sought by what they are few for, in whatever order they are listed', async () => {
    const { explain } = createPlanner(getPlace());
    const slice = { from: null, direction: 'next', limit } as const;
    for (const filter of [{ ownerId: 'owner-7' }, { status: 'inactive' as const }, { search: 'key 12345' }]) {
      for (const sort of ['name', '-expiresAt', 'lastUsedAt'] as const) {
        const plans = await explain(async ({ keys }) => {
          await keys.list({ projectId: 'prj_a', ...filter }, sort, slice, now);
          await keys.count({ projectId: 'prj_a', ...filter }, 10_001, now);
        });
        for (const plan of plans) expectLittleRead(plan, ['keys', 'secrets', 'key_last_use']);
      }
    }
  });

  test('how many keys a project or a channel has is known without looking at them', async () => {
    const { explain } = createPlanner(getPlace());
    const plans = await explain(async ({ keys, projects, channels }) => {
      await keys.count({ projectId: 'prj_a' }, 10_001, now);
      await keys.count({ projectId: 'prj_a', channelId: 'chn_a' }, 10_001, now);
      await projects.list(null, { from: null, direction: 'next', limit });
      await channels.find('chn_a');
    });
    expect(plans).toHaveLength(4);
    for (const plan of plans) expect(plan.accesses.map(({ table }) => table)).not.toContain('keys');
  });

  test('what a change reads of an owner, a channel or a key is sought', async () => {
    const { explain } = createPlanner(getPlace());
    const plans = await explain(async ({ keys, channels, serviceKeys }) => {
      await keys.find('key_1010000', now);
      await keys.countCounting({ projectId: 'prj_a', channelId: null, ownerId: 'owner-7' }, now);
      await keys.countCounting({ projectId: 'prj_a', channelId: 'chn_a', ownerId: 'owner-7' }, now);
      await keys.isNameTaken('prj_a', 'owner-7', 'Key 7', null);
      await keys.namesLike('prj_a', 'owner-7', 'Key ', 100);
      await channels.find('chn_b');
      await serviceKeys.list({ projectIds: ['prj_a'] }, { from: null, direction: 'next', limit });
    });
    for (const plan of plans) expectSought(plan, ['keys', 'secrets', 'key_last_use']);
  });

  test('a page of the ledger, of all or of a project or subject, is sought and never sorted', async () => {
    const { explain } = createPlanner(getPlace());
    for (const filter of [{}, { projectId: 'prj_a' }, { subject: 'key_1000007' }]) {
      for (const from of [null, { value: 10_000, id: '' }]) {
        for (const direction of ['next', 'previous'] as const) {
          const plans = await explain(({ ledger }) => ledger.list(filter, { from, direction, limit }));
          // All of it, from its end on, is read in the order of the table itself.
          const isFromTheEnd =
            from === null && filter.projectId === undefined && filter.subject === undefined;
          for (const plan of plans)
            expectSought(plan, isFromTheEnd ? ['ledger_private'] : ['ledger', 'ledger_private']);
        }
      }
    }
  });

  test('the reads of verifications and of following are sought', async () => {
    const place = getPlace();
    const { explainText } = createPlanner(place);
    const hash = Buffer.alloc(32, 1);
    const isSqlite = place.engine === 'sqlite';
    const [one, two] = isSqlite ? ['?', '?'] : ['$1', '$2'];
    const several = (query: (match: string) => string) =>
      isSqlite ? query('IN (?, ?, ?, ?)') : queryEach(query);
    const hashes = isSqlite ? [hash, hash, hash, null] : [[hash, hash, hash]];
    const plans = [
      await explainText(keyQuery(`= ${one}`), [hash]),
      await explainText(several(keyQuery), hashes),
      await explainText(serviceKeyQuery(`= ${one}`), [hash]),
      await explainText(several(serviceKeyQuery), hashes),
      await explainText(tailQuery(one, two), [10_000, 100]),
      await explainText(channelQuery(one, isSqlite ? '?' : '$1'), isSqlite ? ['maps', 'maps'] : ['maps']),
    ];
    for (const plan of plans)
      expectSought(plan, ['keys', 'secrets', 'ledger', 'service_key_secrets', 'service_keys']);
    expect((await explainText(importsQuery, [])).text).toContain('ledger_imports');
  });
});

test('on PostgreSQL each hash is looked up by itself, also right after an import has filled the tables', async () => {
  const place = await createDatabase();
  await (await place.open()).close();
  const statements = [
    ...['keys', 'secrets'].map((table) => `ALTER TABLE ${table} SET (autovacuum_enabled = off)`),
    `INSERT INTO projects (id, name, preset, policy, wording, created_at) VALUES ('prj_a', 'A', 'standard', '{}', '{}', 1)`,
    `INSERT INTO keys (id, project_id, name, format, status, scopes, metadata, ip_allow, created_at, created_by,
       updated_at, search_text)
     SELECT 'key_' || i, 'prj_a', 'Key ' || i, 'token', 'active', '[]', '{}', '[]', i, 'svc_1', i, ''
     FROM generate_series(1, 10000) AS i`,
    `INSERT INTO secrets (sha256, key_id, created_at)
     SELECT sha256(convert_to(i::text, 'UTF8')), 'key_' || i, i FROM generate_series(1, 10000) AS i`,
  ];
  for (const statement of statements) await place.query(statement);
  const { explainText } = createPlanner(place);
  const hashes = Array.from({ length: 100 }, (_, i) =>
    createHash('sha256')
      .update(String(i + 1))
      .digest(),
  );
  const plan = await explainText(queryEach(keyQuery), [hashes]);
  expect(plan.accesses.filter(({ table }) => table === 'keys')).toMatchObject([{ rows: 100 }]);
  expect(plan.accesses.filter(({ table }) => table === 'secrets')).toMatchObject([{ rows: 100 }]);
});

function positions(sort: string): (Position | null)[] {
  const id = 'key_1010000';
  if (sort.endsWith('name')) return [null, { value: 'Key 15000', id }];
  if (sort.endsWith('createdAt')) return [null, { value: null, id }];
  return [null, { value: 1_005_000, id }, { value: null, id }];
}

function expectSought(plan: Plan, tables: string[]): void {
  expect(plan.sorts, plan.text).toBe(false);
  expectLittleRead(plan, tables);
}

function expectLittleRead(plan: Plan, tables: string[]): void {
  for (const { table, isSought, rows } of plan.accesses) {
    if (!tables.includes(table)) continue;
    expect(isSought, plan.text).toBe(true);
    if (rows !== null) expect(rows, plan.text).toBeLessThan(mostRows);
  }
}

/** Two projects with 20,000 keys each, of which every second one expires and was used, and as many rows in the ledger. */
async function fill(place: Place): Promise<void> {
  await (await place.open()).close();
  const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${2 * count})`;
  const bytes = place.engine === 'sqlite' ? 'randomblob(32)' : `sha256(convert_to(random()::text, 'UTF8'))`;
  const zeros = place.engine === 'sqlite' ? 'zeroblob(32)' : `decode(repeat('00', 32), 'hex')`;
  const project = `CASE WHEN i % 2 = 0 THEN 'prj_a' ELSE 'prj_b' END`;
  const statements = [
    `INSERT INTO projects (id, name, preset, policy, wording, created_at)
     VALUES ('prj_a', 'A', 'standard', '{}', '{}', 1), ('prj_b', 'B', 'standard', '{}', '{}', 1)`,
    `INSERT INTO channels (id, project_id, slug, name, policy, created_at)
     VALUES ('chn_a', 'prj_a', 'maps', 'A', '{}', 1), ('chn_b', 'prj_b', 'charts', 'B', '{}', 1)`,
    `INSERT INTO keys (id, project_id, channel_id, owner_id, name, format, status, scopes, metadata, ip_allow,
       expires_at, created_at, created_by, updated_at, search_text)
     ${numbers} SELECT 'key_' || (1000000 + i), ${project}, CASE WHEN i % 10 = 0 THEN 'chn_a' END,
       'owner-' || (i % 1001), 'Key ' || i, 'token', 'active', '[]', '{}', '[]',
       CASE WHEN i % 4 = 0 THEN 1000000 + i END, i, 'svc_1', i, 'key ' || i FROM n`,
    `INSERT INTO secrets (sha256, key_id, display, created_at)
     ${numbers} SELECT ${bytes}, 'key_' || (1000000 + i), 'kw_…', i FROM n`,
    // Every key was rotated before, and every tenth is in the overlap of a rotation.
    `INSERT INTO secrets (sha256, key_id, display, created_at, retires_at)
     ${numbers} SELECT ${bytes}, 'key_' || (1000000 + i), 'kw_…', i, CASE WHEN i % 10 = 0 THEN 2000000 ELSE i END FROM n`,
    `INSERT INTO key_last_use (key_id, project_id, at)
     ${numbers} SELECT 'key_' || (1000000 + i), ${project}, 1000000 + i FROM n WHERE i % 4 < 2`,
    `INSERT INTO ledger (seq, at, actor_type, actor_id, action, project_id, subject_type, subject_id, body, prev_hash, hash)
     ${numbers} SELECT i, i, 'system', 'system', 'key.created', ${project}, 'key', 'key_' || (1000000 + i), '{}',
       ${zeros}, ${zeros} FROM n`,
  ];
  for (const statement of statements) await place.query(statement);
  // Nobody analyses the embedded database either.
  if (place.engine === 'postgres') await place.query('ANALYZE');
}
