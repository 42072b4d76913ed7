import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Position, Slice } from '../../src/domain/paginate.ts';
import { genesis, type StoredLedgerRow } from '../../src/ledger/entry.ts';
import type { LedgerFilter } from '../../src/ledger/ledger-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { createDatabase, forEachEngine } from '../support/engines.ts';
import { holdRows } from '../support/hold.ts';
import { awkwardTexts, epochMs } from '../support/records.ts';
import { untilBlocked } from '../support/waiting.ts';

const actions = ['key.created', 'key.revoked', 'project.created'] as const;
const all: Slice = { from: null, direction: 'next', limit: 1000 };

forEachEngine((createPlace) => {
  test('a new ledger begins at row 0 with a hash of zeros', async () => {
    const storage = await (await createPlace()).open();
    expect(await storage.stores.ledger.head()).toEqual(genesis);
    expect(await storage.node.head()).toEqual(genesis);
    expect(await storage.stores.ledger.scan({}, 0, 10)).toEqual([]);
    expect(await storage.stores.ledger.list({}, all)).toEqual([]);
    expect(await storage.stores.ledger.count({}, 10)).toBe(0);
  });

  test('every field of a row comes back as it went in, with its private part or without', async () => {
    const storage = await (await createPlace()).open();
    const rows = buildRows(awkwardTexts.length).map((row, index) => ({
      ...row,
      body: JSON.stringify({ text: awkwardTexts[index] }),
      private: index % 2 === 0 ? { salt: randomBytes(16), json: `{"name":"${awkwardTexts[0]}"}` } : null,
    }));
    await append(storage, rows);
    expect(await storage.stores.ledger.scan({}, 0, 100)).toEqual(rows);
    expect(await storage.stores.ledger.list({}, all)).toEqual(rows.toReversed());
    expect(await storage.transaction(({ ledger }) => ledger.scan({}, 0, 100))).toEqual(rows);
  });

  test('the head moves by as many rows as are taken, and has the hash of the last one appended', async () => {
    const storage = await (await createPlace()).open();
    const rows = buildRows(5);
    await storage.transaction(async ({ ledger }) => {
      expect(await ledger.takeHead(2)).toEqual(genesis);
      await ledger.append(rows.slice(0, 2));
      expect(await ledger.head()).toEqual({ seq: 2, hash: rows[1]?.hash });
      expect(await ledger.takeHead(3)).toEqual({ seq: 2, hash: rows[1]?.hash });
      await ledger.append(rows.slice(2));
    });
    expect(await storage.stores.ledger.head()).toEqual({ seq: 5, hash: rows[4]?.hash });
    expect(await storage.node.head()).toEqual({ seq: 5, hash: rows[4]?.hash });
  });

  test('a head that was taken in vain leaves no gap', async () => {
    const storage = await (await createPlace()).open();
    const [first, second] = buildRows(2);
    if (first === undefined || second === undefined) throw new Error('two rows were built');
    await append(storage, [first]);
    const failing = storage.transaction(async ({ ledger }) => {
      await ledger.takeHead(7);
      await ledger.append([second]);
      throw new RangeError('stopped on purpose');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await storage.stores.ledger.head()).toEqual({ seq: 1, hash: first.hash });
    await append(storage, [second]);
    expect(await storage.stores.ledger.scan({}, 0, 10)).toEqual([first, second]);
  });

  test('appending nothing changes nothing, and a row cannot be written twice', async () => {
    const storage = await (await createPlace()).open();
    const rows = buildRows(1);
    await append(storage, rows);
    await storage.transaction(({ ledger }) => ledger.append([]));
    await expect(storage.transaction(({ ledger }) => ledger.append(rows))).rejects.toThrow(
      /unique|duplicate/i,
    );
    expect(await storage.stores.ledger.scan({}, 0, 10)).toEqual(rows);
  });

  test('one change may write thousands of rows', async () => {
    const storage = await (await createPlace()).open();
    const rows = buildRows(3000);
    await append(storage, rows);
    expect(await storage.stores.ledger.head()).toEqual({ seq: 3000, hash: rows[2999]?.hash });
    expect((await storage.stores.ledger.scan({}, 2990, 100)).map(({ seq }) => seq)).toEqual(
      rows.slice(2990).map(({ seq }) => seq),
    );
    expect(await storage.stores.ledger.count({}, 10_000)).toBe(3000);
    expect(await storage.stores.ledger.count({}, 2000)).toBe(2000);
  });

  test('every combination of filters lists, scans and counts what it should', async () => {
    const storage = await (await createPlace()).open();
    const rows = buildRows(60);
    await append(storage, rows);
    for (const filter of combinations()) {
      const expected = rows.filter((row) => matches(row, filter)).map(({ seq }) => seq);
      const seqs = (found: StoredLedgerRow[]) => found.map(({ seq }) => seq);
      const { ledger } = storage.stores;
      expect(seqs(await ledger.scan(filter, 0, 100)), JSON.stringify(filter)).toEqual(expected);
      expect(seqs(await ledger.list(filter, all)), JSON.stringify(filter)).toEqual(expected.toReversed());
      expect(await ledger.count(filter, 100), JSON.stringify(filter)).toBe(expected.length);
    }
  });

  test('pages go both ways, and a scan goes on after a row', async () => {
    const storage = await (await createPlace()).open();
    await append(storage, buildRows(20));
    const at = (seq: number): Position => ({ value: seq, id: '' });
    const filter = { projectId: 'prj_1' };
    const list = async (slice: Slice) =>
      (await storage.stores.ledger.list(filter, slice)).map(({ seq }) => seq);
    const seqs = buildRows(20)
      .filter((row) => matches(row, filter))
      .map(({ seq }) => seq)
      .reverse();
    expect(await list({ from: null, direction: 'next', limit: 3 })).toEqual(seqs.slice(0, 3));
    expect(await list({ from: at(seqs[2] ?? 0), direction: 'next', limit: 3 })).toEqual(seqs.slice(3, 6));
    expect(await list({ from: at(seqs[3] ?? 0), direction: 'previous', limit: 2 })).toEqual([
      seqs[2],
      seqs[1],
    ]);
    expect(await list({ from: at(seqs[0] ?? 0), direction: 'previous', limit: 2 })).toEqual([]);
    const scan = async (after: number, limit: number) =>
      (await storage.stores.ledger.scan(filter, after, limit)).map(({ seq }) => seq);
    const ascending = seqs.toReversed();
    expect(await scan(0, 2)).toEqual(ascending.slice(0, 2));
    expect(await scan(ascending[1] ?? 0, 2)).toEqual(ascending.slice(2, 4));
    expect(await scan(20, 2)).toEqual([]);
  });

  test('a private part can be erased, and its row stays', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const rows = buildRows(2).map((row) => ({ ...row, private: { salt: randomBytes(16), json: '{}' } }));
    await append(storage, rows);
    await place.query('DELETE FROM ledger_private WHERE seq = 1');
    expect(await storage.stores.ledger.scan({}, 0, 10)).toEqual([{ ...rows[0], private: null }, rows[1]]);
  });
});

test('on PostgreSQL a change that sent several statements at once fails for the first one’s reason', async () => {
  const place = await createDatabase();
  const storage = await place.open();
  const rows = buildRows(3);
  for (let round = 0; round < 20; round++) {
    const release = await holdRows(
      place,
      `INSERT INTO ledger (seq, at, actor_type, actor_id, action, subject_type, subject_id, body, prev_hash, hash)
       VALUES (1, 1, '', '', '', '', '', '', '', '')`,
    );
    const appending = storage.transaction(({ ledger }) => ledger.append(rows));
    const failure = expect(appending).rejects.toMatchObject({ code: '23505' });
    // What follows the insert is sent, and answered in one go with it.
    await untilBlocked(place, 1);
    await release();
    await failure;
    await place.query('DELETE FROM ledger');
  }
});

/** Rows that differ in all that is filtered by. Their hashes are made up: storing does not look into them. */
function buildRows(count: number): StoredLedgerRow[] {
  return Array.from({ length: count }, (_, index) => ({
    seq: index + 1,
    at: epochMs + Math.floor(index / 2),
    actorType: 'service_key',
    actorId: `svc_${index % 2}`,
    action: actions[index % 3] ?? 'key.created',
    projectId: [null, 'prj_1', 'prj_2'][index % 3] ?? null,
    subjectType: 'key',
    subjectId: `key_${index % 5}`,
    body: `{"seq":${index + 1}}`,
    prevHash: hashOf(index),
    hash: hashOf(index + 1),
    private: null,
  }));
}

function hashOf(seq: number): Buffer {
  const hash = Buffer.alloc(32);
  hash.writeUInt32BE(seq, 28);
  return hash;
}

function append(storage: Storage, rows: StoredLedgerRow[]): Promise<void> {
  return storage.transaction(async ({ ledger }) => {
    await ledger.takeHead(rows.length);
    await ledger.append(rows);
  });
}

function* combinations(): Generator<LedgerFilter> {
  for (const projectId of [undefined, 'prj_1', 'prj_unknown']) {
    for (const action of [undefined, ...actions]) {
      for (const actor of [undefined, 'svc_0']) {
        for (const subject of [undefined, 'key_1']) {
          for (const [from, to] of [
            [],
            [epochMs + 3],
            [undefined, epochMs + 20],
            [epochMs + 3, epochMs + 20],
          ]) {
            yield {
              ...(projectId !== undefined && { projectId }),
              ...(action !== undefined && { action }),
              ...(actor !== undefined && { actor }),
              ...(subject !== undefined && { subject }),
              ...(from !== undefined && { from }),
              ...(to !== undefined && { to }),
            };
          }
        }
      }
    }
  }
}

function matches(row: StoredLedgerRow, filter: LedgerFilter): boolean {
  return (
    (filter.projectId === undefined || row.projectId === filter.projectId) &&
    (filter.action === undefined || row.action === filter.action) &&
    (filter.actor === undefined || row.actorId === filter.actor) &&
    (filter.subject === undefined || row.subjectId === filter.subject) &&
    (filter.from === undefined || row.at >= filter.from) &&
    (filter.to === undefined || row.at < filter.to)
  );
}
