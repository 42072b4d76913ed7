import type { KeySort } from '@keywright/contract';
import type { Kysely } from 'kysely';
import type { Slice } from '../domain/paginate.ts';
import type { KeyFilter, KeyRow, KeyStore } from '../keys/key-store.ts';
import type { Engine } from './engine.ts';
import { filtered, type Reading, selectFiltered } from './key-filter.ts';
import { fieldOf, isInOrder, segments } from './key-order.ts';
import { choosePath, countByPath } from './key-path.ts';
import { fromListRow, selectRows } from './key-store.ts';
import { countUpTo } from './query.ts';
import type { Schema } from './schema.ts';

/** The lists of keys. @see KeyStore */
export function createKeyLists(db: Kysely<Schema>, engine: Engine): Pick<KeyStore, 'list' | 'count'> {
  const planned = (now: number): Reading => ({ path: 'planned', match: null, now });
  return {
    async list(filter, sort, slice, now) {
      const isPlanned = engine === 'postgres';
      const reading = isPlanned ? planned(now) : await choosePath(db, filter, fieldOf(sort), now);
      return readSlice(db, filter, { sort, slice }, reading);
    },

    async count(filter, max, now) {
      const { projectId, channelId, ownerId, visibleTo, status, search } = filter;
      const isWhole = [ownerId, visibleTo, status, search].every((part) => part === undefined);
      if (isWhole) return Math.min(max, await countStored(db, projectId, channelId));
      const reading = engine === 'sqlite' ? await countByPath(db, filter, max, now) : planned(now);
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
    const shown = selectRows(db, reading.now);
    // Keys that must be sorted are so by themselves: what a row shows is looked up for those of the page alone.
    const ids = () =>
      segment(selectFiltered(db, filter, reading))
        .select('keys.id')
        .limit(limit);
    const query = isInOrder(reading.path, fieldOf(sort))
      ? segment(filtered(shown, filter, reading)).limit(limit)
      : segment(shown.where('keys.id', 'in', ids()));
    rows.push(...(await query.execute()).map(fromListRow));
  }
  return rows;
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
