import { expect, test } from 'vitest';
import { usageTexts } from '../../src/storage/usage-texts.ts';
import type { RefusalFilter } from '../../src/usage/refusal-store.ts';
import { resolutions, type UsageSpan } from '../../src/usage/usage-store.ts';
import { forEachEngine, type Place, sharePlace } from '../support/engines.ts';
import { createPlanner, type Plan } from '../support/plans.ts';

const { minute, hour, day } = resolutions;
const keys = 20_000;
const start = 20_000 * day;
const span: UsageSpan = { from: start, to: start + day, bucketMs: hour };
const tables = ['keys', 'secrets', 'meters', 'usage', 'usage_origins', 'refusals', 'key_last_use'];

forEachEngine((createPlace) => {
  const getPlace = sharePlace(createPlace, fill);

  test('the usage of a key, of some keys, of an owner and of a project is sought, however many keys there are', async () => {
    const { explain } = createPlanner(getPlace());
    const plans = await explain(async ({ usage }) => {
      const one = { projectId: 'prj_a', keyIds: ['key_1000002'] };
      const some = {
        projectId: 'prj_a',
        keyIds: Array.from({ length: 20 }, (_, i) => `key_${1_000_000 + 2 * i}`),
      };
      await usage.sumOfKeys(one, span);
      await usage.sumsOfKeys(some, span);
      await usage.sumOfKeys({ projectId: 'prj_a', ownerId: 'owner-7' }, span);
      await usage.sumOfProject('prj_a', span);
      await usage.originsOfKeys(one);
      await usage.originsOfKeys(some);
      await usage.originsOfProject('prj_a');
    });
    expect(plans).toHaveLength(7);
    for (const plan of plans) expectSought(plan);
  });

  test('a refusal is sought by its id', async () => {
    const { explain } = createPlanner(getPlace());
    const plans = await explain(async ({ refusals }) => {
      await refusals.find({ requestId: 'req_7', since: 1 });
      await refusals.find({ requestId: 'req_7', projectId: 'prj_a', since: 1 });
      await refusals.find({ requestId: 'req_7', projectId: 'prj_a', ownerId: 'owner-7', since: 1 });
    });
    for (const plan of plans) expectSought(plan);
  });

  test.each<[string, Partial<RefusalFilter>]>([
    ['a project', {}],
    ['a key', { keyId: 'key_1000002' }],
    ['a project with a code', { code: 'expired' }],
    ['a key at a channel', { keyId: 'key_1000002', channel: 'maps' }],
  ])('a page of the refusals of %s is read in its order, on page 1 and further on', async (_, filter) => {
    const { explain } = createPlanner(getPlace());
    const plans = await explain(async ({ refusals }) => {
      for (const from of [null, { at: keys / 2, id: keys / 2 }])
        for (const direction of ['next', 'previous'] as const)
          await refusals.list({ projectId: 'prj_a', since: 1, ...filter }, { from, direction, limit: 21 });
    });
    expect(plans).toHaveLength(4);
    for (const plan of plans) {
      expectSought(plan);
      // With two projects only, PostgreSQL may rightly read the refusals of both, and sort those of one moment.
      if (getPlace().engine === 'sqlite') expect(plan.sorts, plan.text).toBe(false);
    }
  });

  test('the refusals of an owner’s keys are sought by these keys', async () => {
    const { explain } = createPlanner(getPlace());
    const filter = { projectId: 'prj_a', ownerId: 'owner-7', since: 1 };
    const plans = await explain(async ({ refusals }) => {
      await refusals.list(filter, { from: null, direction: 'next', limit: 21 });
      await refusals.count(filter, 10_001);
      await refusals.list({ ...filter, keyId: 'key_1000002' }, { from: null, direction: 'next', limit: 21 });
    });
    for (const plan of plans) expectSought(plan);
  });

  test('when the previous secret of a key was used is sought', async () => {
    const { explain } = createPlanner(getPlace());
    const slice = { from: null, direction: 'next', limit: 21 } as const;
    const plans = await explain(async (stores) => {
      await stores.keys.find('key_1000002', start);
      await stores.keys.list({ projectId: 'prj_a' }, '-lastUsedAt', slice, start);
    });
    for (const plan of plans) expectSought(plan);
  });

  test('what a batch and a roll-up write is sought', async () => {
    const place = getPlace();
    const { explainText } = createPlanner(place);
    const texts = usageTexts[place.engine];
    const explain = (text: string, parameters: unknown[]) =>
      explainText(place.engine === 'sqlite' ? text.replaceAll(/\$\d/g, '?') : text, parameters);
    const hex = Buffer.from('subject 1000002').toString('hex');
    const plans = [
      await explain(texts.addMeters, [JSON.stringify([[hex, 'key_1000002']])]),
      await explain(texts.addCounts, [JSON.stringify([[hex, minute, start, 0, 1, start]])]),
      await explain(texts.addKeyUses, [JSON.stringify([['key_1', 'prj_a', start, null, null]]), start]),
      await explain(texts.addOrigins, [JSON.stringify([['key_1000002', '::1', '', start, 1]]), start]),
      await explain(texts.forgetOrigins, [start, JSON.stringify([['key_1000002']])]),
      await explain(texts.take, [minute, start + minute, 100]),
    ];
    for (const plan of plans) expectSought(plan);
  });
});

function expectSought(plan: Plan): void {
  for (const { table, isSought, rows } of plan.accesses) {
    if (!tables.includes(table)) continue;
    expect(isSought, plan.text).toBe(true);
    if (rows !== null) expect(rows, plan.text).toBeLessThan(2000);
  }
}

/** Two projects of 10,000 keys each, all used in each of some minutes, hours and days, and as many refusals. */
async function fill(place: Place): Promise<void> {
  await (await place.open()).close();
  const numbers = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${keys})`;
  const subject = (text: string) =>
    place.engine === 'sqlite' ? `CAST(${text} AS BLOB)` : `convert_to(${text}, 'UTF8')`;
  const project = `CASE WHEN i % 2 = 0 THEN 'prj_a' ELSE 'prj_b' END`;
  const key = `'key_' || (1000000 + i)`;
  const rowsOf = (resolution: number) =>
    `INSERT INTO usage (meter_id, resolution, at, code, count, last_at)
     SELECT id, ${resolution}, ${start} + step.s * ${resolution}, 0, 1, ${start} FROM meters
     CROSS JOIN (SELECT 0 AS s UNION SELECT 1 UNION SELECT 2) AS step`;
  const statements = [
    `INSERT INTO projects (id, name, preset, policy, wording, created_at)
     VALUES ('prj_a', 'A', 'standard', '{}', '{}', 1), ('prj_b', 'B', 'standard', '{}', '{}', 1)`,
    `INSERT INTO keys (id, project_id, owner_id, name, format, status, scopes, metadata, ip_allow,
       created_at, created_by, updated_at, search_text)
     ${numbers} SELECT ${key}, ${project}, 'owner-' || (i % 1001), 'Key ' || i, 'token', 'active', '[]', '{}', '[]',
       i, 'svc_1', i, 'key ' || i FROM n`,
    `INSERT INTO secrets (sha256, key_id, display, created_at, retires_at)
     ${numbers} SELECT ${subject(`'current ' || (1000000 + i)`)}, ${key}, 'kw_…', i, CAST(NULL AS bigint) FROM n
     UNION ALL SELECT ${subject(`'subject ' || (1000000 + i)`)}, ${key}, 'kw_…', i, ${2 * start} FROM n`,
    `INSERT INTO meters (subject, key_id) ${numbers} SELECT ${subject(`'subject ' || (1000000 + i)`)}, ${key} FROM n`,
    `INSERT INTO meters (subject) VALUES (${subject("'prj_a:c'")}), (${subject("'prj_a:f'")}), (${subject("'prj_b:c'")})`,
    ...[minute, hour, day].map(rowsOf),
    `INSERT INTO usage_origins (subject_id, ip, user_agent, last_at, count)
     ${numbers} SELECT ${key}, '::1', 'x', i, 1 FROM n UNION ALL SELECT ${key}, '::2', 'x', i, 1 FROM n`,
    `INSERT INTO key_last_use (key_id, project_id, at) ${numbers} SELECT ${key}, ${project}, i FROM n`,
    `INSERT INTO refusals (request_id, at, project_id, key_id, code, door, scopes)
     ${numbers} SELECT 'req_' || i, i, ${project}, ${key}, 'expired', 'verify', '[]' FROM n`,
  ];
  for (const statement of statements) await place.query(statement);
  if (place.engine === 'postgres') await place.query('ANALYZE');
}
