import type { RefusalCode, VerifyDoor } from '@keywright/contract';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { RefusalFilter, RefusalStore, StoredRefusal } from '../usage/refusal-store.ts';
import type { Engine } from './engine.ts';
import { jsonInput } from './json-input.ts';
import { columnFor } from './key-filter.ts';
import { countUpTo } from './query.ts';
import type { Schema } from './schema.ts';
import type { Run } from './statement.ts';

/** @see RefusalStore */
export function createRefusalStore(db: Kysely<Schema>, run: Run, engine: Engine): RefusalStore {
  const matching = (filter: RefusalFilter) => select(db, engine, filter);

  return {
    async insert(refusals) {
      if (refusals.length === 0) return;
      const rows = refusals.map((refusal) => {
        const { requestId, at, projectId, keyId, code, door, channel, scopes, ip, userAgent } = refusal;
        const { cost, request } = refusal;
        return [
          requestId,
          at,
          projectId,
          keyId,
          code,
          door,
          channel,
          JSON.stringify(scopes),
          ip,
          userAgent,
          cost,
          request?.method ?? null,
          request?.path ?? null,
        ];
      });
      await run(insertTexts[engine], [JSON.stringify(rows)]);
    },

    async find({ requestId, projectId, ownerId, since }) {
      let query = db
        .selectFrom('refusals')
        .leftJoin('keys', 'keys.id', 'refusals.key_id')
        .where('refusals.request_id', '=', requestId)
        .where('refusals.at', '>=', since)
        .selectAll('refusals')
        .select('keys.name as key_name');
      if (projectId !== undefined) query = query.where('refusals.project_id', '=', projectId);
      if (ownerId !== undefined) query = query.where('keys.owner_id', '=', ownerId);
      const latest = query.orderBy('refusals.at', 'desc').orderBy('refusals.id', 'desc');
      const row = await latest.limit(1).executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },

    async list(filter, { from, direction, limit }) {
      const order = direction === 'next' ? 'desc' : 'asc';
      const beyond = sql.raw(order === 'asc' ? '>' : '<');
      let query = matching(filter)
        .leftJoin('keys', 'keys.id', 'refusals.key_id')
        .selectAll('refusals')
        .select('keys.name as key_name');
      if (from !== null) {
        query = query.where(sql<boolean>`(refusals.at, refusals.id) ${beyond} (${from.at}, ${from.id})`);
      }
      const rows = await query
        .orderBy('refusals.at', order)
        .orderBy('refusals.id', order)
        .limit(limit)
        .execute();
      return rows.map(fromRow);
    },

    count: (filter, max) => countUpTo(db, matching(filter), max),

    async forget({ before, max }, limit) {
      const old = await run(forgetOld, [before, limit]);
      const excess = await run(forgetExcess, [max, limit]);
      return Math.max(old.length, excess.length);
    },
  };
}

/**
 * Along the refusals of a key, of each of an owner's keys, or of the project, whichever is asked for; the first and the
 * last stand in their order there. Where a key leads, the project is hidden from SQLite, which could not tell.
 */
function select(db: Kysely<Schema>, engine: Engine, filter: RefusalFilter) {
  const { projectId, ownerId, keyId, code, channel, since } = filter;
  const isOfKeys = keyId !== undefined || ownerId !== undefined;
  const column = (leads: boolean, name: string) => columnFor(leads || engine === 'postgres', name);
  let query = db
    .selectFrom('refusals')
    .where(sql<boolean>`${column(!isOfKeys, 'refusals.project_id')} = ${projectId}`)
    .where('refusals.at', '>=', since);
  if (keyId !== undefined) query = query.where('refusals.key_id', '=', keyId);
  if (ownerId !== undefined) {
    const owned = db.selectFrom('keys').select('id').where('owner_id', '=', ownerId);
    const keyColumn = column(keyId === undefined, 'refusals.key_id');
    query = query.where(sql<boolean>`${keyColumn} in (${owned.where('project_id', '=', projectId)})`);
  }
  if (code !== undefined) query = query.where('refusals.code', '=', code);
  if (channel !== undefined) {
    query = query.where(sql<boolean>`(refusals.channel = ${channel} or refusals.channel in (
      select slug from channels where id = ${channel} and project_id = ${projectId}
      union all select id from channels where slug = ${channel} and project_id = ${projectId} and deleted_at is null))`);
  }
  return query;
}

type Row = Selectable<Schema['refusals']> & { key_name: string | null };

function fromRow(row: Row): StoredRefusal {
  return {
    id: row.id,
    requestId: row.request_id,
    at: row.at,
    door: row.door as VerifyDoor,
    code: row.code as RefusalCode,
    projectId: row.project_id,
    key: row.key_id === null || row.key_name === null ? null : { id: row.key_id, name: row.key_name },
    channel: row.channel,
    scopes: JSON.parse(row.scopes),
    ip: row.ip,
    userAgent: row.user_agent,
    cost: row.cost,
    request: row.method === null || row.path === null ? null : { method: row.method, path: row.path },
  };
}

const forgetOld = `DELETE FROM refusals WHERE id IN (SELECT id FROM refusals WHERE at < $1 ORDER BY at LIMIT $2)
  RETURNING id`;
/** Numbers may be missing, but none is there twice: no more than `max` are left. */
const forgetExcess = `DELETE FROM refusals WHERE id IN (
  SELECT id FROM refusals WHERE id <= (SELECT max(id) FROM refusals) - $1 ORDER BY id LIMIT $2
) RETURNING id`;

const insertTexts = { sqlite: insertText('sqlite'), postgres: insertText('postgres') };

function insertText(engine: Engine): string {
  const columns = {
    request_id: 'text',
    at: 'integer',
    project_id: 'text',
    key_id: 'text',
    code: 'text',
    door: 'text',
    channel: 'text',
    scopes: 'text',
    ip: 'text',
    user_agent: 'text',
    cost: 'integer',
    method: 'text',
    path: 'text',
  } as const;
  const names = Object.keys(columns).join(', ');
  return `INSERT INTO refusals (${names}) SELECT ${names} FROM ${jsonInput(engine, columns)}`;
}
