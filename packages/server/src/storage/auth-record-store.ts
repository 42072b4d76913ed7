import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import type { AuthCondition, AuthRecordStore, AuthRow, AuthTable } from '../accounts/auth-records.ts';
import type { Schema } from './schema.ts';

/** Tables whose columns are known only when a query is built. */
type Untyped = Record<AuthTable, AuthRow>;

/** @see AuthRecordStore */
export function createAuthRecordStore(typed: Kysely<Schema>): AuthRecordStore {
  const db = typed as unknown as Kysely<Untyped>;
  return {
    insert: (table, row) => db.insertInto(table).values(row).returningAll().executeTakeFirstOrThrow(),

    find(table, conditions, { limit, offset, orderBy }) {
      let query = db.selectFrom(table).selectAll().where(all(conditions)).limit(limit);
      if (orderBy !== undefined) query = query.orderBy(orderBy.column, orderBy.direction);
      if (offset !== undefined) query = query.offset(offset);
      return query.execute();
    },

    async count(table, conditions) {
      const { count } = await db
        .selectFrom(table)
        .select(sql<number>`count(*)`.as('count'))
        .where(all(conditions))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    update: (table, conditions, values) =>
      db.updateTable(table).set(values).where(all(conditions)).returningAll().execute(),

    delete: (table, conditions) => db.deleteFrom(table).where(all(conditions)).returningAll().execute(),
  };
}

function all(conditions: AuthCondition[]) {
  return (eb: ExpressionBuilder<Untyped, AuthTable>) =>
    eb.and(conditions.map((condition) => write(eb, condition)));
}

function write(eb: ExpressionBuilder<Untyped, AuthTable>, { column, operator, value }: AuthCondition) {
  if (value === null) return eb(column, operator === '=' ? 'is' : 'is not', null);
  if (Array.isArray(value) && value.length === 0) return eb.lit(operator === 'not in');
  return eb(column, operator, value);
}
