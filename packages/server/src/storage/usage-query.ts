import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import {
  type KeySelection,
  maxOrigins,
  resolutions,
  type UsageOrigin,
  type UsageSpan,
  type UsageStore,
  type UsageSum,
} from '../usage/usage-store.ts';
import type { Schema } from './schema.ts';
import { codeNumbers, codeOfNumber } from './usage-codes.ts';
import { projectSubject } from './usage-subject.ts';

type UsageReads = Pick<
  UsageStore,
  'sumsOfKeys' | 'sumOfKeys' | 'sumOfProject' | 'originsOfKeys' | 'originsOfProject'
>;

/** What is asked of the usage. @see UsageStore */
export function createUsageReads(db: Kysely<Schema>): UsageReads {
  return {
    async sumsOfKeys(keys, span) {
      const query = ofKeys(db, keys, span).select('keys.id as key_id').groupBy('keys.id');
      const rows = await query.orderBy('keys.id').execute();
      return rows.map((row) => ({ keyId: row.key_id, ...fromRow(row) }));
    },
    async sumOfKeys(keys, span) {
      return (await ofKeys(db, keys, span).execute()).map(fromRow);
    },
    async sumOfProject(projectId, span) {
      const former = projectSubject(projectId, true);
      const isFormer = sql<number>`case when meters.subject = ${former} then 1 else 0 end`;
      const rows = await summed(
        db
          .selectFrom('meters')
          .innerJoin('usage', 'usage.meter_id', 'meters.id')
          .where('meters.subject', 'in', [projectSubject(projectId, false), former]),
        span,
        isFormer,
      ).execute();
      return rows.map(fromRow);
    },
    async originsOfKeys(keys) {
      return readOrigins(
        selectKeys(db, keys).innerJoin('usage_origins', 'usage_origins.subject_id', 'keys.id'),
      );
    },
    async originsOfProject(projectId) {
      return readOrigins(db.selectFrom('usage_origins').where('subject_id', '=', projectId));
    },
  };
}

function selectKeys(db: Kysely<Schema>, keys: KeySelection) {
  let query = db.selectFrom('keys').where('keys.project_id', '=', keys.projectId);
  if (keys.ownerId !== undefined) query = query.where('keys.owner_id', '=', keys.ownerId);
  if ('keyIds' in keys)
    query = query.where('keys.id', 'in', keys.keyIds).where('keys.deleted_at', 'is', null);
  return query;
}

/** A secret is the current one as long as it has no end. */
const isFormerSecret = sql<number>`case when secrets.sha256 is not null and secrets.retires_at is null then 0 else 1 end`;

function ofKeys(db: Kysely<Schema>, keys: KeySelection, span: UsageSpan) {
  const query = selectKeys(db, keys)
    .innerJoin('meters', 'meters.key_id', 'keys.id')
    .leftJoin('secrets', 'secrets.sha256', 'meters.subject')
    .innerJoin('usage', 'usage.meter_id', 'meters.id');
  return summed(query, span, isFormerSecret);
}

interface SumRow {
  at: number;
  former: number;
  code: number;
  count: number | string;
}

// biome-ignore lint/suspicious/noExplicitAny: the tables differ, and with them the types of the query
type UsageQuery = SelectQueryBuilder<any, any, any>;

/** By their places: `at` would be the column of the table, and an expression with parameters is another each time. */
const firstThree = sql`1, 2, 3`;

function summed<Q extends UsageQuery>(
  query: Q,
  { from, to, bucketMs }: UsageSpan,
  isFormer: RawBuilder<number>,
) {
  const at = sql<number>`usage.at - usage.at % ${sql.lit(bucketMs)}`;
  return query
    .where('usage.resolution', 'in', Object.values(resolutions))
    .where('usage.at', '>=', from)
    .where('usage.at', '<', to)
    .select([at.as('at'), isFormer.as('former'), 'usage.code', sql`sum(usage.count)`.as('count')])
    .groupBy(firstThree)
    .orderBy(firstThree) as SelectQueryBuilder<Schema, 'keys' | 'usage', SumRow>;
}

/** PostgreSQL answers sums as text. */
function fromRow({ at, former, code, count }: SumRow): UsageSum {
  return { at, isFormer: former === 1, code: codeOfNumber(code), count: Number(count) };
}

async function readOrigins(query: UsageQuery): Promise<UsageOrigin[]> {
  const rows = (await query
    .select([
      'usage_origins.ip',
      'usage_origins.user_agent',
      sql`max(usage_origins.last_at)`.as('last_at'),
      sql`sum(usage_origins.count)`.as('count'),
    ])
    .groupBy(['usage_origins.ip', 'usage_origins.user_agent'])
    .orderBy(sql`max(usage_origins.last_at)`, 'desc')
    .limit(maxOrigins)
    .execute()) as { ip: string; user_agent: string; last_at: number; count: number | string }[];
  return rows.map((row) => ({
    ip: row.ip || null,
    userAgent: row.user_agent || null,
    lastAt: row.last_at,
    count: Number(row.count),
  }));
}

/**
 * When a secret let somebody in last, as a part of a query; null for never. Of each resolution it reads the last row
 * only, wherever it can.
 */
export function lastUseOfSecret(hash: RawBuilder<unknown>): RawBuilder<number | null> {
  const meter = sql`(select id from meters where subject = ${hash})`;
  const lasts = Object.values(resolutions).map(
    (resolution) => sql`select last_at from (
      select last_at from usage where meter_id = ${meter} and resolution = ${resolution} and code = ${codeNumbers.valid}
      order by at desc limit 1
    ) as ${sql.ref(`last_${resolution}`)}`,
  );
  return sql`(select max(last_at) from (${sql.join(lasts, sql` union all `)}) as lasts)`;
}
