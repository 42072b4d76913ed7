import type { Kysely } from 'kysely';
import {
  maxOrigins,
  type UsageAddition,
  type UsageCount,
  type UsageStore,
  type UsageSubject,
} from '../usage/usage-store.ts';
import type { Engine } from './engine.ts';
import { jsonInput } from './json-input.ts';
import type { Schema } from './schema.ts';
import type { Run } from './statement.ts';
import { codeNumbers } from './usage-codes.ts';
import { createUsageReads } from './usage-query.ts';
import { subjectBytes } from './usage-subject.ts';

/** @see UsageStore */
export function createUsageStore(db: Kysely<Schema>, run: Run, engine: Engine): UsageStore {
  const texts = textsOf[engine];
  const write = async (text: string, rows: unknown[][]) => {
    if (rows.length > 0) await run(text, [JSON.stringify(rows)]);
  };

  return {
    ...createUsageReads(db),

    async claimBatch(node, batch, now) {
      return (await run(claim, [node, batch, now])).length > 0;
    },

    async add({ counts, keyUses, origins, serviceKeyUses }) {
      await Promise.all([
        write(texts.addMeters, meterRows(counts)),
        write(texts.addCounts, counts.map(countRow)),
        write(
          texts.addKeyUses,
          keyUses.map(({ keyId, projectId, at, ip, userAgent }) => [keyId, projectId, at, ip, userAgent]),
        ),
        write(texts.addOrigins, originRows(origins)),
        write(
          texts.forgetOrigins,
          [...new Set(origins.map(({ subjectId }) => subjectId))].map((id) => [id]),
        ),
        write(
          texts.addServiceKeyUses,
          serviceKeyUses.map(({ id, at }) => [id, at]),
        ),
      ]);
    },
  };
}

/** A node has one row, with the last batch that it wrote: it sends the next only when it knows of this. */
const claim = `INSERT INTO usage_batches (node, batch, at) VALUES ($1, $2, $3)
  ON CONFLICT (node) DO UPDATE SET batch = excluded.batch, at = excluded.at WHERE usage_batches.batch < excluded.batch
  RETURNING batch`;

const textsOf = { sqlite: writeTexts('sqlite'), postgres: writeTexts('postgres') };

function writeTexts(engine: Engine) {
  const greater = engine === 'sqlite' ? 'max' : 'greatest';
  const input = (columns: Parameters<typeof jsonInput>[1]) => jsonInput(engine, columns);
  return {
    addMeters: `INSERT INTO meters (subject, key_id)
      SELECT subject, key_id FROM ${input({ subject: 'bytes', key_id: 'text' })}
      WHERE NOT EXISTS (SELECT 1 FROM meters WHERE meters.subject = input.subject)
      ON CONFLICT DO NOTHING`,
    // `CROSS` makes SQLite read the input first, and seek the meters.
    addCounts: `INSERT INTO usage (meter_id, resolution, at, code, count, last_at)
      SELECT meters.id, input.resolution, input.at, input.code, input.count, input.last_at
      FROM ${input({ subject: 'bytes', resolution: 'integer', at: 'integer', code: 'integer', count: 'integer', last_at: 'integer' })}
      CROSS JOIN meters WHERE meters.subject = input.subject
      ON CONFLICT (meter_id, resolution, at, code) DO UPDATE
      SET count = usage.count + excluded.count, last_at = ${greater}(usage.last_at, excluded.last_at)`,
    addKeyUses: `INSERT INTO key_last_use (key_id, project_id, at, ip, user_agent)
      SELECT key_id, project_id, at, ip, user_agent
      FROM ${input({ key_id: 'text', project_id: 'text', at: 'integer', ip: 'text', user_agent: 'text' })}
      WHERE true
      ON CONFLICT (key_id) DO UPDATE SET at = excluded.at, ip = excluded.ip, user_agent = excluded.user_agent
      WHERE excluded.at > key_last_use.at`,
    addOrigins: `INSERT INTO usage_origins (subject_id, ip, user_agent, last_at, count)
      SELECT subject_id, ip, user_agent, last_at, count
      FROM ${input({ subject_id: 'text', ip: 'text', user_agent: 'text', last_at: 'integer', count: 'integer' })}
      WHERE true
      ON CONFLICT (subject_id, ip, user_agent) DO UPDATE
      SET last_at = ${greater}(usage_origins.last_at, excluded.last_at), count = usage_origins.count + excluded.count`,
    forgetOrigins: `DELETE FROM usage_origins WHERE (subject_id, ip, user_agent) IN (
      SELECT subject_id, ip, user_agent FROM (
        SELECT subject_id, ip, user_agent,
          row_number() OVER (PARTITION BY subject_id ORDER BY last_at DESC, count DESC) AS place
        FROM usage_origins WHERE subject_id IN (SELECT subject_id FROM ${input({ subject_id: 'text' })})
      ) AS placed WHERE place > ${maxOrigins}
    )`,
    addServiceKeyUses: `UPDATE service_keys SET last_used_at = input.at
      FROM ${input({ id: 'text', at: 'integer' })}
      WHERE service_keys.id = input.id AND (last_used_at IS NULL OR last_used_at < input.at)`,
  };
}

function meterRows(counts: UsageCount[]): unknown[][] {
  const bySubject = new Map(
    counts.map(({ subject }) => [subjectHex(subject), subject.type === 'secret' ? subject.keyId : null]),
  );
  return [...bySubject];
}

function countRow({ subject, resolution, at, code, count, lastAt }: UsageCount): unknown[] {
  return [subjectHex(subject), resolution, at, codeNumbers[code], count, lastAt];
}

function originRows(origins: UsageAddition['origins']): unknown[][] {
  return origins.map(({ subjectId, ip, userAgent, lastAt, count }) => {
    return [subjectId, ip ?? '', userAgent ?? '', lastAt, count];
  });
}

function subjectHex(subject: UsageSubject): string {
  return subjectBytes(subject).toString('hex');
}
