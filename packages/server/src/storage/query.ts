import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { OwnKeys } from '../domain/caller.ts';
import type { Slice } from '../domain/paginate.ts';
import type { LockMode } from '../projects/project-store.ts';
import type { Engine } from './engine.ts';
import type { Schema } from './schema.ts';

// biome-ignore lint/suspicious/noExplicitAny: any select will do, and comes back as it went in
type AnySelect = SelectQueryBuilder<any, any, any>;

/** Locks the selected rows until the transaction ends. SQLite has one writer, so that there nothing is to be locked. */
export function locked<Q extends AnySelect>(query: Q, engine: Engine, mode: LockMode): Q {
  if (engine === 'sqlite') return query;
  return (mode === 'update' ? query.forUpdate() : query.forShare()) as Q;
}

/** Whether a column has one of these values; of none it has none, which PostgreSQL cannot be told with `IN ()`. */
export function isOneOf(column: string, values: readonly string[]) {
  return values.length === 0
    ? sql<boolean>`1 = 0`
    : sql<boolean>`${sql.ref(column)} in (${sql.join([...values])})`;
}

/** How many rows a query finds, counted no further than `max`. */
export async function countUpTo(db: Kysely<Schema>, query: AnySelect, max: number): Promise<number> {
  const counted = query.select(sql`1`.as('one')).limit(max).as('counted');
  const row = await db
    .selectFrom(counted)
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** What keys are counted for, and where its project is. */
const counted = {
  project: { id: 'projects.id', of: 'keys.project_id', projectId: 'projects.id' },
  channel: { id: 'channels.id', of: 'keys.channel_id', projectId: 'channels.project_id' },
} as const;

/**
 * How many keys a project or a channel has, deleted ones apart: kept by triggers, since to count a million takes long.
 * @param own the keys that alone may be seen of some projects: they are few, and counted
 */
export function countOfKeys(what: keyof typeof counted, own: OwnKeys | null = null) {
  const { id, of, projectId } = counted[what];
  const all = sql<number>`coalesce((select count from key_counts where id = ${sql.ref(id)}), 0)`;
  if (own === null) return all;
  const few = sql`select count(*) from keys where keys.project_id = ${sql.ref(projectId)}
    and ${sql.ref(of)} = ${sql.ref(id)} and keys.owner_id = ${own.ownerId} and keys.deleted_at is null`;
  return sql<number>`case when ${isOneOf(projectId, own.projectIds)} then (${few}) else ${all} end`;
}

/** A slice of a list that is sorted by a table's id or number alone, newest first. */
export function newestFirst<Q extends AnySelect>(
  query: Q,
  column: string,
  from: string | number | null,
  slice: Slice,
): Q {
  const order = slice.direction === 'next' ? 'desc' : 'asc';
  const beyond = sql.raw(order === 'asc' ? '>' : '<');
  const sought = from === null ? query : query.where(sql<boolean>`${sql.ref(column)} ${beyond} ${from}`);
  return sought.orderBy(column, order).limit(slice.limit) as Q;
}
