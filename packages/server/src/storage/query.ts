import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
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

/** How many keys a project or a channel has, deleted ones apart: kept by triggers, since to count a million takes long. */
export function countOfKeys(idColumn: string) {
  return sql<number>`coalesce((select count from key_counts where id = ${sql.ref(idColumn)}), 0)`;
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
