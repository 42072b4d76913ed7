import { maxOrigins } from '../usage/usage-store.ts';
import type { Engine } from './engine.ts';
import { jsonInput } from './json-input.ts';

const countColumns = {
  resolution: 'integer',
  at: 'integer',
  code: 'integer',
  count: 'integer',
  last_at: 'integer',
} as const;

/**
 * The statements that write usage, for each engine: they are sent as they are, each with all of its rows in one parameter.
 * Where times are compared, the other parameter is the latest that one can be: what is later than that was written while
 * a clock was ahead, and would stay the last one until then.
 */
export const usageTexts = { sqlite: writeTexts('sqlite'), postgres: writeTexts('postgres') };

function writeTexts(engine: Engine) {
  const greater = engine === 'sqlite' ? 'max' : 'greatest';
  const input = (columns: Parameters<typeof jsonInput>[1], parameter?: string) =>
    jsonInput(engine, columns, parameter);
  const addToCounts = `ON CONFLICT (meter_id, resolution, at, code) DO UPDATE
    SET count = usage.count + excluded.count, last_at = ${greater}(usage.last_at, excluded.last_at)`;
  const oldest = 'FROM usage WHERE resolution = $1 AND at < $2 ORDER BY at LIMIT $3';
  return {
    // A node has one row, with the last batch that it wrote: it sends the next only when it knows of this.
    claim: `INSERT INTO usage_batches (node, batch, at) VALUES ($1, $2, $3)
  ON CONFLICT (node) DO UPDATE SET batch = excluded.batch, at = excluded.at WHERE usage_batches.batch < excluded.batch
  RETURNING batch`,
    forgetBatches: 'DELETE FROM usage_batches WHERE at < $1',
    addMeters: `INSERT INTO meters (subject, key_id)
      SELECT subject, key_id FROM ${input({ subject: 'bytes', key_id: 'text' })}
      WHERE NOT EXISTS (SELECT 1 FROM meters WHERE meters.subject = input.subject)
      ON CONFLICT DO NOTHING`,
    // `CROSS` makes SQLite read the input first, and seek the meters.
    addCounts: `INSERT INTO usage (meter_id, resolution, at, code, count, last_at)
      SELECT meters.id, input.resolution, input.at, input.code, input.count, input.last_at
      FROM ${input({ subject: 'bytes', ...countColumns })} CROSS JOIN meters WHERE meters.subject = input.subject
      ${addToCounts}`,
    // What two nodes take at the same time must not be the same rows.
    take:
      engine === 'sqlite'
        ? `DELETE FROM usage WHERE (meter_id, resolution, at, code) IN (SELECT meter_id, resolution, at, code ${oldest})
           RETURNING meter_id, at, code, count, last_at`
        : `DELETE FROM usage WHERE ctid = ANY (ARRAY(SELECT ctid ${oldest} FOR UPDATE SKIP LOCKED))
           RETURNING meter_id, at, code, count, last_at`,
    addRolledUp: `INSERT INTO usage (meter_id, resolution, at, code, count, last_at)
      SELECT meter_id, resolution, at, code, count, last_at FROM ${input({ meter_id: 'integer', ...countColumns })}
      WHERE true ${addToCounts}`,
    addKeyUses: `INSERT INTO key_last_use (key_id, project_id, at, ip, user_agent)
      SELECT key_id, project_id, at, ip, user_agent
      FROM ${input({ key_id: 'text', project_id: 'text', at: 'integer', ip: 'text', user_agent: 'text' })}
      WHERE true
      ON CONFLICT (key_id) DO UPDATE SET at = excluded.at, ip = excluded.ip, user_agent = excluded.user_agent
      WHERE excluded.at > key_last_use.at OR key_last_use.at > $2`,
    addOrigins: `INSERT INTO usage_origins (subject_id, ip, user_agent, last_at, count)
      SELECT subject_id, ip, user_agent, last_at, count
      FROM ${input({ subject_id: 'text', ip: 'text', user_agent: 'text', last_at: 'integer', count: 'integer' })}
      WHERE true
      ON CONFLICT (subject_id, ip, user_agent) DO UPDATE
      SET last_at = CASE WHEN usage_origins.last_at > $2 THEN excluded.last_at
          ELSE ${greater}(usage_origins.last_at, excluded.last_at) END,
        count = usage_origins.count + excluded.count`,
    forgetOrigins: `DELETE FROM usage_origins WHERE (subject_id, ip, user_agent) IN (
      SELECT subject_id, ip, user_agent FROM (
        SELECT subject_id, ip, user_agent, row_number() OVER (
          PARTITION BY subject_id ORDER BY CASE WHEN last_at > $1 THEN 0 ELSE last_at END DESC, count DESC
        ) AS place
        FROM usage_origins WHERE subject_id IN (SELECT subject_id FROM ${input({ subject_id: 'text' }, '$2')})
      ) AS placed WHERE place > ${maxOrigins}
    )`,
    keep: `INSERT INTO usage_journal (id, addition) SELECT id, addition FROM ${input({ id: 'text', addition: 'text' })}`,
    kept: 'SELECT id, addition FROM usage_journal WHERE id > $1 ORDER BY id LIMIT $2',
    takeKept: `DELETE FROM usage_journal WHERE id IN (SELECT id FROM ${input({ id: 'text' })}) RETURNING id`,
    addServiceKeyUses: `UPDATE service_keys SET last_used_at = input.at
      FROM ${input({ id: 'text', at: 'integer' })}
      WHERE service_keys.id = input.id
        AND (last_used_at IS NULL OR last_used_at < input.at OR last_used_at > $2)`,
  };
}
