import type { RefusalCode, VerifyDoor } from '@keywright/contract';
import type { Kysely, Selectable } from 'kysely';
import type { RefusalStore, StoredRefusal } from '../usage/refusal-store.ts';
import type { Engine } from './engine.ts';
import { jsonInput } from './json-input.ts';
import type { Schema } from './schema.ts';
import type { Run } from './statement.ts';

/** @see RefusalStore */
export function createRefusalStore(db: Kysely<Schema>, run: Run, engine: Engine): RefusalStore {
  return {
    async insert(refusals) {
      if (refusals.length === 0) return;
      const rows = refusals.map((refusal) => {
        const { requestId, at, projectId, keyId, code, door, channel, scopes, ip, userAgent, cost } = refusal;
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

    async forget({ before, max }, limit) {
      const old = await run(forgetOld, [before, limit]);
      const excess = await run(forgetExcess, [max, limit]);
      return Math.max(old.length, excess.length);
    },
  };
}

type Row = Selectable<Schema['refusals']> & { key_name: string | null };

function fromRow(row: Row): StoredRefusal {
  return {
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
  } as const;
  const names = Object.keys(columns).join(', ');
  return `INSERT INTO refusals (${names}) SELECT ${names} FROM ${jsonInput(engine, columns)}`;
}
