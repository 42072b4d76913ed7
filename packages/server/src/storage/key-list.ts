import type { KeySort } from '@keywright/contract';
import type { Kysely } from 'kysely';
import type { Slice } from '../domain/paginate.ts';
import type { KeyFilter, KeyRow, KeyStore } from '../keys/key-store.ts';
import type { Engine } from './engine.ts';
import { selectFirstExpired } from './expired-keys.ts';
import { filtered, type KeyPath, type Reading, selectFiltered } from './key-filter.ts';
import { fieldOf, isInOrder, type KeyField, type Segment, segments } from './key-order.ts';
import { choosePath, countByPath, isOfExpired } from './key-path.ts';
import { fromListRow, selectRows } from './key-store.ts';
import { countUpTo } from './query.ts';
import type { Schema } from './schema.ts';

/** The lists of keys. @see KeyStore */
export function createKeyLists(db: Kysely<Schema>, engine: Engine): Pick<KeyStore, 'list' | 'count'> {
  const planned = (path: KeyPath, now: number): Reading => ({ engine: 'postgres', path, match: null, now });
  const choose = (filter: KeyFilter, field: KeyField, now: number) =>
    engine === 'sqlite'
      ? choosePath(db, filter, field, now)
      : planned(isOfExpired(filter, field) ? 'expired' : 'planned', now);
  return {
    async list(filter, sort, slice, now) {
      return readSlice(db, filter, { sort, slice }, await choose(filter, fieldOf(sort), now));
    },

    async count(filter, max, now) {
      const { projectId, channelId, ownerId, visibleTo, status, search } = filter;
      const isWhole = [ownerId, visibleTo, status, search].every((part) => part === undefined);
      if (isWhole) return Math.min(max, await countStored(db, projectId, channelId));
      const reading = engine === 'sqlite' ? await countByPath(db, filter, max, now) : planned('planned', now);
      return typeof reading === 'number' ? reading : countUpTo(db, selectFiltered(db, filter, reading), max);
    },
  };
}

/** Reads a slice of a list along a path. */
export async function readSlice(
  db: Kysely<Schema>,
  filter: KeyFilter,
  { sort, slice }: { sort: KeySort; slice: Slice },
  reading: Reading,
): Promise<KeyRow[]> {
  const rows: KeyRow[] = [];
  for (const segment of segments(sort, slice, filter, reading)) {
    if (rows.length === slice.limit) break;
    const limit = slice.limit - rows.length;
    const page: Segment = (query) => segment(query).limit(limit) as typeof query;
    const query = selectPage(db, filter, { field: fieldOf(sort), page }, reading);
    rows.push(...(await query.execute()).map(fromListRow));
  }
  return rows;
}

interface PageOf {
  field: KeyField;
  /** Puts a query into the page's order, from its place on, and ends it with the page. */
  page: Segment;
}

function selectPage(db: Kysely<Schema>, filter: KeyFilter, { field, page }: PageOf, reading: Reading) {
  const shown = selectRows(db, reading.now);
  if (reading.path !== 'expired' && isInOrder(reading.path, field))
    return page(filtered(shown, filter, reading));
  // Keys that must be sorted are so by themselves: what a row shows is looked up for those of the page alone.
  const found =
    reading.path === 'expired'
      ? selectFirstExpired(
          db,
          filter.projectId,
          page(filtered(db.selectFrom('keys'), filter, reading)),
          reading,
        )
      : selectFiltered(db, filter, reading);
  return page(shown.where('keys.id', 'in', page(found).select('keys.id')));
}

/** How many keys a project has, or one of its channels. */
async function countStored(
  db: Kysely<Schema>,
  projectId: string,
  channelId: string | undefined,
): Promise<number> {
  const counts = db.selectFrom('key_counts').select('count');
  const row =
    channelId === undefined
      ? await counts.where('id', '=', projectId).executeTakeFirst()
      : await counts
          .innerJoin('channels', 'channels.id', 'key_counts.id')
          .where('channels.id', '=', channelId)
          .where('channels.project_id', '=', projectId)
          .executeTakeFirst();
  return Number(row?.count ?? 0);
}
