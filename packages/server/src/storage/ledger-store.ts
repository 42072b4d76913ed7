import { type Kysely, sql } from 'kysely';
import type { LedgerHead, StoredLedgerRow } from '../ledger/entry.ts';
import type { LedgerFilter, LedgerStore } from '../ledger/ledger-store.ts';
import type { Engine } from './engine.ts';
import { insertRows } from './many-rows.ts';
import { rowsAbout } from './person-rows.ts';
import { countUpTo, newestFirst } from './query.ts';
import type { Schema } from './schema.ts';
import { insertRow, type Run } from './statement.ts';

/** @see LedgerStore */
export function createLedgerStore(db: Kysely<Schema>, engine: Engine, run: Run): LedgerStore {
  const matching = (filter: LedgerFilter) => {
    let query = db.selectFrom('ledger');
    if (filter.projectId !== undefined) query = query.where('project_id', '=', filter.projectId);
    if (filter.action !== undefined) query = query.where('action', '=', filter.action);
    if (filter.actor !== undefined) query = query.where('actor_id', '=', filter.actor);
    if (filter.subject !== undefined) query = query.where('subject_id', '=', filter.subject);
    if (filter.subjectTypes !== undefined) query = query.where('subject_type', 'in', filter.subjectTypes);
    if (filter.keysOf !== undefined) query = query.where('subject_id', 'in', keysOf(db, filter));
    if (filter.about !== undefined) {
      query = query.where(sql<boolean>`ledger.seq in ${rowsAbout(filter.about, engine)}`);
    }
    if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
    if (filter.to !== undefined) query = query.where('at', '<', filter.to);
    return query;
  };
  const whole = (filter: LedgerFilter) =>
    matching(filter)
      .leftJoin('ledger_private', 'ledger_private.seq', 'ledger.seq')
      .selectAll('ledger')
      .select(['ledger_private.salt', 'ledger_private.json']);

  return {
    async takeHead(count) {
      const [row] = await run<LedgerHead>('UPDATE ledger_head SET seq = seq + $1 RETURNING seq, hash', [
        count,
      ]);
      if (row === undefined) throw new Error('the ledger has no head');
      return { seq: row.seq - count, hash: row.hash };
    },

    async append(rows) {
      const last = rows.at(-1);
      if (last === undefined) return;
      const hidden = rows.filter((row) => row.private !== null);
      const toPrivate = (row: StoredLedgerRow) => ({ seq: row.seq, ...row.private });
      const moveHead = () => run.send('UPDATE ledger_head SET hash = $1', [last.hash]);
      if (rows.length === 1) {
        await Promise.all([
          insertRow(run, 'ledger', { ...toRow(last) }),
          ...hidden.map((row) => insertRow(run, 'ledger_private', toPrivate(row))),
          moveHead(),
        ]);
        return;
      }
      await insertRows(run, { table: 'ledger', list: rows, toRow: (row) => ({ ...toRow(row) }) });
      await insertRows(run, { table: 'ledger_private', list: hidden, toRow: toPrivate });
      await moveHead();
    },

    head: () => db.selectFrom('ledger_head').select(['seq', 'hash']).executeTakeFirstOrThrow(),

    async scan(filter, afterSeq, limit) {
      const rows = await whole(filter)
        .where('ledger.seq', '>', afterSeq)
        .orderBy('ledger.seq')
        .limit(limit)
        .execute();
      return rows.map(fromRow);
    },

    async list(filter, slice) {
      const from = slice.from?.value ?? null;
      return (await newestFirst(whole(filter), 'ledger.seq', from, slice).execute()).map(fromRow);
    },

    count: (filter, max) => countUpTo(db, matching(filter), max),
  };
}

function keysOf(db: Kysely<Schema>, { projectId = '', keysOf: ownerId = '' }: LedgerFilter) {
  const ofProject = db.selectFrom('keys').select('id').where('project_id', '=', projectId);
  return ofProject.where('owner_id', '=', ownerId);
}

function toRow(row: StoredLedgerRow): Schema['ledger'] {
  return {
    seq: row.seq,
    at: row.at,
    actor_type: row.actorType,
    actor_id: row.actorId,
    action: row.action,
    project_id: row.projectId,
    subject_type: row.subjectType,
    subject_id: row.subjectId,
    body: row.body,
    prev_hash: row.prevHash,
    hash: row.hash,
  };
}

function fromRow({
  salt,
  json,
  ...row
}: Schema['ledger'] & { salt: Buffer | null; json: string | null }): StoredLedgerRow {
  return {
    seq: row.seq,
    at: row.at,
    actorType: row.actor_type,
    actorId: row.actor_id,
    action: row.action,
    projectId: row.project_id,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    body: row.body,
    prevHash: row.prev_hash,
    hash: row.hash,
    private: salt === null || json === null ? null : { salt, json },
  };
}
