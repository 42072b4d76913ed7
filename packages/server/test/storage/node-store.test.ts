import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RegistrationTaken } from '../../src/cluster/node-store.ts';
import { genesis, type StoredLedgerRow } from '../../src/ledger/entry.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { createDatabase, forEachEngine, queryPostgres } from '../support/engines.ts';
import { holdRows } from '../support/hold.ts';
import { epochMs, randomHash } from '../support/records.ts';
import { until } from '../support/waiting.ts';

forEachEngine((createPlace) => {
  test('a beat tells the head, the hash at a row, and the time', async () => {
    const storage = await (await createPlace()).open();
    expect(await storage.node.beat(0)).toMatchObject({ headSeq: 0, appliedHash: genesis.hash });
    const rows = await append(storage, 3);
    const before = Date.now();
    const beat = await storage.node.beat(2);
    expect(beat).toMatchObject({ headSeq: 3, appliedHash: rows[1]?.hash });
    expect(Math.abs(beat.databaseTimeMs - before)).toBeLessThan(1000);
    expect(Number.isInteger(beat.databaseTimeMs)).toBe(true);
    expect(await storage.node.beat(0)).toMatchObject({ headSeq: 3, appliedHash: genesis.hash });
    expect(await storage.node.beat(4)).toMatchObject({ headSeq: 3, appliedHash: null });
  });

  test('the tail is what follows a row, in order and as much as was asked for', async () => {
    const storage = await (await createPlace()).open();
    const rows = await append(storage, 5);
    const followed = rows.map(({ seq, action, projectId, subjectType, subjectId, hash }) => {
      return { seq, action, projectId, subjectType, subjectId, hash };
    });
    expect(await storage.node.tail(0, 100)).toEqual(followed);
    expect(await storage.node.tail(1, 2)).toEqual(followed.slice(1, 3));
    expect(await storage.node.tail(4, 100)).toEqual(followed.slice(4));
    expect(await storage.node.tail(5, 100)).toEqual([]);
    expect(await storage.node.head()).toEqual({ seq: 5, hash: rows[4]?.hash });
  });

  test('what is not committed is not followed', async () => {
    const storage = await (await createPlace()).open();
    await append(storage, 1);
    await storage.transaction(async ({ ledger }) => {
      await ledger.takeHead(1);
      await ledger.append([buildRow(2)]);
      expect(await storage.node.head()).toMatchObject({ seq: 1 });
      expect(await storage.node.tail(1, 10)).toEqual([]);
    });
    expect(await storage.node.head()).toMatchObject({ seq: 2 });
    expect(await storage.node.tail(1, 10)).toHaveLength(1);
  });
});

test('on PostgreSQL a registration that was lost is had again with the next beat', async () => {
  const place = await createDatabase();
  const storage = await place.open();
  await append(storage, 2);
  await endNode(place.location);
  await until(async () => (await isRegistered(place.location)) === false, 'the registration is gone');
  await until(() => fails(() => storage.node.head()), 'the node noticed that its connection is gone');
  await expect(Promise.resolve(storage.node.tail(0, 1))).rejects.toMatchObject({ code: 'unavailable' });

  expect(await storage.node.beat(2)).toMatchObject({ headSeq: 2 });
  expect(await isRegistered(place.location)).toBe(true);
  expect(await storage.node.tail(0, 10)).toHaveLength(2);
});

test('on PostgreSQL a registration that another process took over cannot be had again before it stopped', async () => {
  const place = await createDatabase();
  const former = await place.open();
  await endNode(place.location);
  await until(() => fails(() => former.node.head()), 'the node noticed that its connection is gone');
  const latter = await place.open();
  for (const _ of [1, 2]) {
    await expect(Promise.resolve(former.node.beat(0))).rejects.toBeInstanceOf(RegistrationTaken);
  }
  expect(await latter.node.beat(0)).toMatchObject({ headSeq: 0 });
  await latter.close();
  expect(await former.node.beat(0)).toMatchObject({ headSeq: 0 });
});

test('on PostgreSQL a beat that waits for a lock in vain does not take its own registration for that of another', async () => {
  const place = await createDatabase();
  const storage = await place.open();
  const release = await holdRows(place, 'LOCK TABLE ledger_head');
  for (const _ of [1, 2]) {
    await expect(Promise.resolve(storage.node.beat(0))).rejects.toMatchObject({ code: 'unavailable' });
    // As long as it is until the next one.
    await sleep(1000);
  }
  await release();
  expect(await storage.node.beat(0)).toMatchObject({ headSeq: 0 });
});

test('on PostgreSQL what was given up does not go on waiting for a lock, and takes up no connection', async () => {
  const place = await createDatabase();
  const { verification } = await place.open();
  const release = await holdRows(place, 'LOCK TABLE secrets');
  const loads = Array.from({ length: 10 }, () => verification.loadKeys([randomHash()]));
  for (const { status } of await Promise.allSettled(loads)) expect(status).toBe('rejected');
  const waiting = () =>
    queryPostgres(
      place.location,
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  await expect.poll(waiting, { timeout: 3000 }).toEqual([]);
  await release();
  expect(await verification.loadKeys([randomHash()])).toEqual([]);
});

function buildRow(seq: number): StoredLedgerRow {
  const [hash, prevHash] = [Buffer.alloc(32, seq), Buffer.alloc(32, seq - 1)];
  return {
    seq,
    at: epochMs + seq,
    actorType: 'service_key',
    actorId: 'svc_1',
    action: seq % 2 === 0 ? 'key.revoked' : 'key.created',
    projectId: seq % 2 === 0 ? 'prj_1' : null,
    subjectType: 'key',
    subjectId: `key_${seq}`,
    body: '{}',
    prevHash,
    hash,
    private: seq % 2 === 0 ? { salt: Buffer.alloc(16), json: '{}' } : null,
  };
}

async function append(storage: Storage, count: number): Promise<StoredLedgerRow[]> {
  const rows = Array.from({ length: count }, (_, index) => buildRow(index + 1));
  await storage.transaction(async ({ ledger }) => {
    await ledger.takeHead(count);
    await ledger.append(rows);
  });
  return rows;
}

/** Cuts the connection that holds the registration. */
async function endNode(url: string): Promise<void> {
  await queryPostgres(
    url,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'keywright node'`,
  );
}

async function isRegistered(url: string): Promise<boolean> {
  const rows = await queryPostgres(
    url,
    `SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
     WHERE locktype = 'advisory' AND granted AND datname = current_database()`,
  );
  return rows.length > 0;
}

async function fails(run: () => unknown): Promise<boolean> {
  try {
    await run();
    return false;
  } catch {
    return true;
  }
}
