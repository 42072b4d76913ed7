import type { Kysely } from 'kysely';
import type { UsageAddition, UsageCount, UsageStore, UsageSubject } from '../usage/usage-store.ts';
import type { Engine } from './engine.ts';
import type { Schema } from './schema.ts';
import type { Run } from './statement.ts';
import { codeNumbers } from './usage-codes.ts';
import { fromJournal, toJournal } from './usage-journal-text.ts';
import { createUsageReads } from './usage-query.ts';
import { subjectBytes } from './usage-subject.ts';
import { usageTexts } from './usage-texts.ts';

/** By so much what is written may be ahead of who writes it. */
const leewayMs = 60_000;

/** @see UsageStore */
export function createUsageStore(db: Kysely<Schema>, run: Run, engine: Engine): UsageStore {
  const texts = usageTexts[engine];
  const write = async (text: string, rows: unknown[][], ...others: unknown[]) => {
    if (rows.length > 0) await run(text, [JSON.stringify(rows), ...others]);
  };
  const forgetOrigins = async (subjectIds: ReadonlySet<string>, latest: number) => {
    const rows = [...subjectIds].map((id) => [id]);
    if (rows.length > 0) await run(texts.forgetOrigins, [latest, JSON.stringify(rows)]);
  };

  return {
    ...createUsageReads(db),

    async claimBatch(node, batch, now) {
      return (await run(texts.claim, [node, batch, now])).length > 0;
    },

    async rollUp({ from, to, before }, limit) {
      const rows = await run<TakenRow>(texts.take, [from, before, limit]);
      await write(texts.addRolledUp, sumRows(rows, to));
      return rows.length;
    },

    async keep(additions) {
      if (additions.length === 0) return;
      // Their JSON goes into that of the rows as it is: a text in a text would have each of its quotes escaped.
      const rows = additions.map(({ id, addition }) => `[${JSON.stringify(id)},${toJournal(addition)}]`);
      await run(texts.keep, [`[${rows.join()}]`]);
    },

    async kept(limit, after) {
      const rows = await run<{ id: string; addition: string }>(texts.kept, [after, limit]);
      return rows.map(({ id, addition }) => ({ id, addition: fromJournal(addition) }));
    },

    async takeKept(ids) {
      return (await run(texts.takeKept, [JSON.stringify(ids.map((id) => [id]))])).length;
    },

    async forgetBatches(before) {
      await run(texts.forgetBatches, [before]);
    },

    async add({ counts, keyUses, origins, serviceKeyUses }, now) {
      const latest = now + leewayMs;
      await Promise.all([
        write(texts.addMeters, meterRows(counts)),
        write(texts.addCounts, counts.map(countRow)),
        write(
          texts.addKeyUses,
          keyUses.map(({ keyId, projectId, at, ip, userAgent }) => [keyId, projectId, at, ip, userAgent]),
          latest,
        ),
        write(texts.addOrigins, originRows(origins), latest),
        forgetOrigins(new Set(origins.map(({ subjectId }) => subjectId)), latest),
        write(
          texts.addServiceKeyUses,
          serviceKeyUses.map(({ id, at }) => [id, at]),
          latest,
        ),
      ]);
    },
  };
}

interface TakenRow {
  meter_id: number;
  at: number;
  code: number;
  count: number;
  last_at: number;
}

/** Rows of a finer resolution added up to rows of this one, ordered by their key. */
function sumRows(rows: TakenRow[], resolution: number): unknown[][] {
  const sums = new Map<string, [number, number, number, number, number, number]>();
  for (const row of rows) {
    const at = row.at - (row.at % resolution);
    const name = `${row.meter_id} ${at} ${row.code}`;
    const sum = sums.get(name);
    if (sum === undefined) {
      sums.set(name, [row.meter_id, resolution, at, row.code, row.count, row.last_at]);
    } else {
      sum[4] += row.count;
      sum[5] = Math.max(sum[5], row.last_at);
    }
  }
  return [...sums.values()].sort((a, b) => a[0] - b[0] || a[2] - b[2] || a[3] - b[3]);
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
