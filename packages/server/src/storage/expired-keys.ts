import { type Kysely, sql } from 'kysely';
import type { KeyQuery, Reading } from './key-filter.ts';
import type { Schema } from './schema.ts';

/*
 * Which keys are expired depends on the time, so that no index has just these in order of creation. The index
 * `keys_project_expired` has together the keys that expire within the same 30 days, and those in order of creation: a page
 * of expired keys is among the first ones of each of the 30 days that have begun.
 */

const partMs = 2_592_000_000;
/** As the index has it: written in another way, it would not be used. */
const part = `(expires_at / ${partMs})`;

/**
 * The ids of a project's expired keys among which those of a page are: as many as it may have of each of the 30 days.
 * @param page the page's query of `keys`, in order of creation
 */
export function selectFirstExpired(
  db: Kysely<Schema>,
  projectId: string,
  page: KeyQuery,
  { engine, now }: Reading,
): KeyQuery {
  const first = page
    .where(sql<boolean>`keys.expires_at is not null`)
    .where(sql<boolean>`${sql.raw(part)} = part.number`)
    .select('keys.id');
  // Each engine has a way of its own to ask for the first ones of each part.
  const found =
    engine === 'sqlite' ? sql`keys as found where found.id in (${first})` : sql`lateral (${first}) as found`;
  const candidates = sql<{ id: string }>`(
    with recursive part (number) as (
      select min(expires_at) / ${sql.raw(String(partMs))} from keys where project_id = ${projectId} and deleted_at is null
      union all
      select number + 1 from part where number < ${Math.floor(now / partMs)}
    )
    select found.id from part cross join ${found})`;
  return db.selectFrom(candidates.as('keys'));
}
