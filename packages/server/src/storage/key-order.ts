import type { KeySort } from '@keywright/contract';
import { sql } from 'kysely';
import type { Slice } from '../domain/paginate.ts';
import type { KeyFilter } from '../keys/key-store.ts';
import { columnFor, type KeyPath, type KeyQuery, type Reading } from './key-filter.ts';

/** Paths on which keys stand in order of creation. */
export const pathsInOrder: readonly KeyPath[] = ['owner', 'status', 'expired', 'channel', 'project'];

export type KeyField = 'createdAt' | 'name' | 'lastUsedAt' | 'expiresAt';

/** Whether a path gives the keys in the order of a field. If not, all of them have to be sorted. */
export function isInOrder(path: KeyPath, field: KeyField): boolean {
  if (path === 'planned' || path === 'project') return true;
  return field === 'createdAt' && pathsInOrder.includes(path);
}

/** A part of a slice: puts a query into its order, from its place on. */
export type Segment = <Q extends KeyQuery>(query: Q) => Q;

/**
 * The parts of which a slice consists, in reading order: each seeks to its place by an index and reads on from there.
 * Nulls are a part of their own, because they stand last in both directions of a sort.
 */
export function segments(sort: KeySort, slice: Slice, filter: KeyFilter, { path, now }: Reading): Segment[] {
  const isForward = slice.direction === 'next';
  const order = sort.startsWith('-') === isForward ? 'desc' : 'asc';
  const beyond = sql.raw(order === 'asc' ? '>' : '<');
  const { from } = slice;
  const field = fieldOf(sort);
  const column = (name: string) => columnFor(isInOrder(path, field), name);

  const byId = <Q extends KeyQuery>(query: Q, seek: boolean): Q => {
    const id = column('keys.id');
    const sought = seek && from !== null ? query.where(sql<boolean>`${id} ${beyond} ${from.id}`) : query;
    return sought.orderBy(id, order) as Q;
  };
  const byColumn = <Q extends KeyQuery>(query: Q, names: [value: string, id: string], seek: boolean): Q => {
    const [value, id] = [column(names[0]), column(names[1])];
    const sought =
      seek && from !== null
        ? query.where(sql<boolean>`(${value}, ${id}) ${beyond} (${from.value}, ${from.id})`)
        : query;
    return sought.orderBy(value, order).orderBy(id, order) as Q;
  };

  if (field === 'createdAt') return [(query) => byId(query, true)];
  if (field === 'name') return [(query) => byColumn(query, ['keys.name', 'keys.id'], true)];

  // Read backwards, a list begins with its end.
  const startsAmongNulls = from === null ? !isForward : from.value === null;
  const values: Segment = (query) => {
    if (field === 'expiresAt') {
      const expiring = query.where(sql<boolean>`${column('keys.expires_at')} is not null`);
      const bound = expiryBound(filter.status, from === null ? null : order);
      const bounded =
        bound === null
          ? expiring
          : expiring.where(sql<boolean>`${column('keys.expires_at')} ${bound} ${now}`);
      return byColumn(bounded, ['keys.expires_at', 'keys.id'], !startsAmongNulls) as typeof query;
    }
    const used = query
      .innerJoin('key_last_use as last_use', 'last_use.key_id', 'keys.id')
      .where(sql<boolean>`${column('last_use.project_id')} = ${filter.projectId}`);
    return byColumn(used, ['last_use.at', 'last_use.key_id'], !startsAmongNulls) as unknown as typeof query;
  };
  const isNull =
    field === 'expiresAt'
      ? sql<boolean>`${column('keys.expires_at')} is null`
      : sql<boolean>`(select at from key_last_use where key_id = keys.id) is null`;
  const nulls: Segment = (query) => byId(query.where(isNull) as typeof query, startsAmongNulls);
  if (isForward) return startsAmongNulls ? [nulls] : [values, nulls];
  return startsAmongNulls ? [nulls, values] : [values];
}

/**
 * In order of expiry, the expired keys stand together and so do the others: a list need not come past those that it does
 * not show. Null where the place that it goes on from bounds it on that side already.
 */
function expiryBound(status: KeyFilter['status'], goesOn: 'asc' | 'desc' | null) {
  if (status === 'expired') return goesOn === 'desc' ? null : sql.raw('<=');
  return status === undefined || status === 'revoked' || goesOn === 'asc' ? null : sql.raw('>');
}

export function fieldOf(sort: KeySort): KeyField {
  return sort.replace('-', '') as KeyField;
}
