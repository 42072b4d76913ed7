import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { KeyFilter } from '../keys/key-store.ts';
import { type KeyPath, type Reading, selectFiltered } from './key-filter.ts';
import { isInOrder, type KeyField, pathsInOrder } from './key-order.ts';
import { searchIndexQuery } from './key-search.ts';
import type { Schema } from './schema.ts';

/**
 * Up to so many keys are all read and sorted. Where a filter lets more through, the list's own order is followed until
 * the page is full: if what is sought is spread over a million keys, that takes as long.
 */
const mostSorted = 5000;
const allPaths: readonly KeyPath[] = ['owner', 'status', 'expiry', 'channel', 'search', 'project'];

/** The path on SQLite by which a page of a list is found with the least reading. */
export async function choosePath(
  db: Kysely<Schema>,
  filter: KeyFilter,
  field: KeyField,
  now: number,
): Promise<Reading> {
  const only = soleFilter(filter);
  const reading = (path: KeyPath): Reading => ({ engine: 'sqlite', path, match: null, now });
  if (only === 'project' || (only === 'expiry' && field === 'expiresAt')) return reading('project');
  if (isOfExpired(filter, field)) return reading('expired');
  if (field === 'createdAt' && only !== null && only !== 'search') return reading(only);
  const { sizes, match } = await measurePaths(db, filter, { max: mostSorted + 1, now });
  const { path, size } = shortest(sizes, allPaths);
  if (size <= mostSorted || isInOrder(path, field)) return { engine: 'sqlite', path, match, now };
  return reading(field === 'createdAt' ? shortest(sizes, pathsInOrder).path : 'project');
}

/**
 * How many keys a filter lets through on SQLite, counted no further than `max`: by the shortest path, or as its size,
 * where a path is all that the filter asks for.
 */
export async function countByPath(
  db: Kysely<Schema>,
  filter: KeyFilter,
  max: number,
  now: number,
): Promise<number | Reading> {
  const { sizes, match } = await measurePaths(db, filter, { max, now });
  const only = soleFilter(filter);
  const size = only === null || only === 'search' ? undefined : sizes.get(only);
  return size ?? { engine: 'sqlite', path: shortest(sizes, allPaths).path, match, now };
}

/** Whether a list is of a project's expired keys and of nothing else, in order of creation. */
export function isOfExpired(filter: KeyFilter, field: KeyField): boolean {
  return field === 'createdAt' && soleFilter(filter) === 'expiry';
}

/** The path that leads to just what a filter asks for; null when it asks for several things. */
function soleFilter({ channelId, ownerId, visibleTo, status, search }: KeyFilter): KeyPath | null {
  const paths: KeyPath[] = [];
  if (ownerId !== undefined) paths.push('owner');
  if (visibleTo !== undefined) paths.push('owner');
  if (channelId !== undefined) paths.push('channel');
  if (status !== undefined) paths.push(status === 'expired' ? 'expiry' : 'status');
  if (search !== undefined) paths.push('search');
  return paths.length > 1 ? null : (paths[0] ?? 'project');
}

/** How many keys lie along a path, counted no further than some maximum. */
type PathSizes = Map<KeyPath, number>;

/**
 * How much each path would have to read for a filter, in one query. What it tells of a project and of a channel is exact
 * and free; the others are counted, in an index alone.
 */
async function measurePaths(
  db: Kysely<Schema>,
  filter: KeyFilter,
  { max, now }: { max: number; now: number },
): Promise<{ sizes: PathSizes; match: string | null }> {
  const { projectId, channelId, status, search } = filter;
  const ownerId = filter.visibleTo ?? filter.ownerId;
  const match = search === undefined ? null : await searchIndexQuery(db, search);
  const along = (path: KeyPath, part: Omit<KeyFilter, 'projectId'>) => {
    const query = selectFiltered(db, { projectId, ...part }, { engine: 'sqlite', path, match: null, now });
    return sql`(select count(*) from (${query.select(sql`1`.as('one')).limit(max)}))`;
  };
  const stored = (id: string) => sql`coalesce((select count from key_counts where id = ${id}), 0)`;
  const sizes = new Map<KeyPath, RawBuilder<unknown>>([['project', stored(projectId)]]);
  if (ownerId !== undefined) sizes.set('owner', along('owner', { ownerId }));
  if (channelId !== undefined) sizes.set('channel', stored(channelId));
  if (status === 'expired') sizes.set('expiry', along('expiry', { status }));
  else if (status !== undefined) sizes.set('status', along('status', { status }));
  if (match !== null) {
    const found = sql`select 1 from key_search where key_search match ${match} limit ${max}`;
    sizes.set('search', sql`(select count(*) from (${found}))`);
  }
  const columns = [...sizes].map(([path, size]) => sql`${size} as ${sql.ref(path)}`);
  const { rows } = await sql<Record<KeyPath, number>>`select ${sql.join(columns)}`.execute(db);
  return { sizes: new Map(Object.entries(rows[0] ?? {}) as [KeyPath, number][]), match };
}

/** Of these paths, the one with the least to read; of several with as much, the one that is named first. */
function shortest(sizes: PathSizes, among: readonly KeyPath[]): { path: KeyPath; size: number } {
  let best: { path: KeyPath; size: number } | null = null;
  for (const path of among) {
    const size = sizes.get(path);
    if (size !== undefined && (best === null || size < best.size)) best = { path, size };
  }
  return best ?? { path: 'project', size: Number.POSITIVE_INFINITY };
}
