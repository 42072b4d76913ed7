import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { KeyFilter } from '../keys/key-store.ts';
import type { Engine } from './engine.ts';
import { fold, searchPattern } from './key-search.ts';
import type { Schema } from './schema.ts';

/**
 * The way to the keys that a filter asks for: an index over those of a project, an owner, a channel or a status, or over
 * expired ones, each in order of creation, over expiries, or over searched text. PostgreSQL finds the best one by its
 * statistics (`planned`), but for the expired ones; SQLite has none and is told.
 */
export type KeyPath =
  | 'planned'
  | 'project'
  | 'owner'
  | 'channel'
  | 'status'
  | 'expiry'
  | 'expired'
  | 'search';

// Every query here starts from `keys`; what else is joined or selected differs and does not matter to a filter.
// biome-ignore lint/suspicious/noExplicitAny: the types of joins and selections pass through unchanged
export type KeyQuery = SelectQueryBuilder<any, any, any>;

/** How keys are read: along which path, for the search path with which query of its index, and when "now" is. */
export interface Reading {
  engine: Engine;
  path: KeyPath;
  match: string | null;
  now: number;
}

/** A column, hidden from SQLite's choice of an index where another way was chosen: `+column` is read, but never sought. */
export function columnFor(isSought: boolean, column: string): RawBuilder<unknown> {
  return isSought ? sql.ref(column) : sql`+${sql.ref(column)}`;
}

/** The live keys that a filter lets through. */
export function selectFiltered(db: Kysely<Schema>, filter: KeyFilter, reading: Reading): KeyQuery {
  if (reading.path !== 'search') return filtered(db.selectFrom('keys'), filter, reading);
  // A cross join is made in the order in which it is written: what the index finds, one by one, then its key.
  const candidates = db
    .selectFrom(findCandidates(filter.search ?? '', reading.match).as('candidate'))
    .crossJoin('keys')
    .where(sql<boolean>`keys.id = candidate.key_id`);
  return filtered(candidates, filter, reading);
}

/** Narrows a query of keys to those that a filter lets through. */
export function filtered<Q extends KeyQuery>(query: Q, filter: KeyFilter, { engine, path, now }: Reading): Q {
  const isPlanned = engine === 'postgres';
  const column = (name: string, paths: KeyPath[]) =>
    columnFor(isPlanned || paths.includes(path), `keys.${name}`);
  const status = column('status', ['status']);
  const expiry = column('expires_at', ['expiry']);
  const owner = column('owner_id', ['owner']);
  const conditions: RawBuilder<boolean>[] = [
    sql`keys.deleted_at is null`,
    sql`${column('project_id', ['project', 'owner', 'status', 'expiry', 'expired'])} = ${filter.projectId}`,
  ];
  if (filter.channelId !== undefined) {
    // Another project's channel, which may have a million keys, is not even looked into.
    const own = sql`(select id from channels where id = ${filter.channelId} and project_id = ${filter.projectId})`;
    const channelId = path === 'channel' ? own : sql`${filter.channelId}`;
    conditions.push(sql`${column('channel_id', ['channel'])} = ${channelId}`);
  }
  if (filter.ownerId !== undefined) conditions.push(sql`${owner} = ${filter.ownerId}`);
  if (filter.visibleTo !== undefined) conditions.push(sql`${owner} = ${filter.visibleTo}`);
  if (filter.status === 'revoked') conditions.push(sql`${status} = 'revoked'`);
  else if (filter.status === 'expired')
    conditions.push(sql`${status} <> 'revoked'`, sql`${expiry} <= ${now}`);
  else if (filter.status !== undefined)
    conditions.push(sql`${status} = ${filter.status}`, sql`(${expiry} is null or ${expiry} > ${now})`);
  if (filter.search !== undefined) conditions.push(matches(filter.search, isPlanned));
  return conditions.reduce<KeyQuery>((narrowed, condition) => narrowed.where(condition), query) as Q;
}

/** Whether a key's text contains what is searched, or its id or public id is just that. */
function matches(search: string, isPlanned: boolean): RawBuilder<boolean> {
  const contains = isPlanned ? containsOnPostgres(search) : sql`instr(keys.search_text, ${fold(search)}) > 0`;
  return sql`(${contains} or keys.id = ${search} or keys.public_id = ${search})`;
}

/** What a pattern leaves out has to be compared once more, with what the index found. */
function containsOnPostgres(search: string): RawBuilder<unknown> {
  const { pattern, isExact } = searchPattern(search);
  const fits = sql`keys.search_text like ${pattern}`;
  return isExact ? fits : sql`(${fits} and strpos(keys.search_text, ${fold(search)}) > 0)`;
}

/** The ids of the keys that a search may match, each once. */
function findCandidates(search: string, match: string | null) {
  const isFound = sql`instr(search_text, ${fold(search)}) > 0`;
  return sql<{ key_id: string }>`(
    select key_id from key_search cross join key_search_rows on key_search_rows.row = key_search.rowid
    where key_search match ${match}
    union all select id from keys where id = ${search} and not ${isFound}
    union all select id from keys where public_id = ${search} and id <> ${search} and not ${isFound})`;
}
