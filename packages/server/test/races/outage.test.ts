import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from '@keywright/contract';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { createChannel } from '../../src/channels/create-channel.ts';
import { leaseMs } from '../../src/cluster/heartbeat.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { rotateKey } from '../../src/keys/rotate-key.ts';
import type { Secret } from '../../src/keys/secret-format.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { openPostgres } from '../../src/storage/postgres.ts';
import { startCommitCutter } from '../support/commit-cutter.ts';
import { expectConsistent } from '../support/consistency.ts';
import { createDatabase, type Place, queryPostgres } from '../support/engines.ts';
import {
  admin,
  codeOf,
  expectIntactLedger,
  type RunningEngine,
  startEngine,
} from '../support/running-engine.ts';
import { until } from '../support/waiting.ts';

/** Cuts every connection to the database but the one that does it. */
const cutAll = (place: Place) =>
  place.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );

test('connections that are cut in a storm of changes: each is whole or absent, and all goes on afterwards', async () => {
  const place = await createDatabase();
  const engine = await startEngine(await place.open());
  const { context } = engine;
  const { id: projectId } = await createProject(context, admin, {
    name: 'P',
    preset: 'standard',
    policy: { maxKeysPerOwner: null },
  });
  const outcomes: Record<string, number> = {};
  const revoked: { id: string; secret: Secret }[] = [];
  const living: typeof revoked = [];
  const wrong: string[] = [];
  let isOver = false;
  const attempt = async <T>(change: () => Promise<T>): Promise<T | null> => {
    try {
      const value = await change();
      outcomes.succeeded = (outcomes.succeeded ?? 0) + 1;
      return value;
    } catch (error) {
      const code = codeOf(error);
      outcomes[code] = (outcomes[code] ?? 0) + 1;
      return null;
    }
  };
  const changing = Array.from({ length: 8 }, async (_, worker) => {
    for (let turn = 0; !isOver; turn++) {
      const ownerId = `${worker}`;
      const created = await attempt(() =>
        createKey(context, admin, projectId, { ownerId, name: `${worker} ${turn}` }),
      );
      if (created === null) continue;
      const { key, secret } = created;
      await attempt(() => rotateKey(context, admin, key.id, 3600));
      if (turn % 2 === 0) living.push({ id: key.id, secret });
      else if ((await attempt(() => revokeKey(context, admin, key.id, null))) !== null) {
        revoked.push({ id: key.id, secret });
      }
    }
  });
  const asking = Array.from({ length: 4 }, async () => {
    for (let turn = 0; !isOver; turn++) {
      const key = revoked[turn % Math.max(1, revoked.length)];
      if (key !== undefined) {
        const code = await engine.verify(key.secret);
        if (code !== 'revoked' && code !== 'unavailable') wrong.push(`${key.id}: ${code}`);
      }
      await sleep(1);
    }
  });
  for (let cut = 0; cut < 12; cut++) {
    await sleep(100);
    await cutAll(place);
  }
  isOver = true;
  await Promise.all([...changing, ...asking]);
  expect(Object.keys(outcomes).sort()).toEqual(['succeeded', 'unavailable']);
  expect(wrong).toEqual([]);

  await expectRecovery(engine, projectId);
  for (const { secret } of living) expect(await engine.verify(secret)).toBe('valid');
  for (const { secret } of revoked) expect(await engine.verify(secret)).toBe('revoked');
  await expectIntactLedger(engine);
  await expectConsistent(place);
});

test('a commit whose answer got lost is followed all the same', async () => {
  const place = await createDatabase();
  const way = await startCommitCutter(place.location);
  const storage = await openPostgres({ url: way.url, onIdleError() {} });
  onTestFinished(() => storage.close());
  const engine = await startEngine(storage);
  const { context } = engine;
  const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
  const { key, secret } = await createKey(context, admin, projectId, { ownerId: 'o', name: 'Kept' });
  expect(await engine.verify(secret)).toBe('valid');

  way.loseNextCommit();
  await expect(revokeKey(context, admin, key.id, null)).rejects.toMatchObject({ code: 'unavailable' });
  expect(way.lost).toBe(1);
  // It was revoked, though nobody could say so. The heartbeat finds out; who asks again is answered only then.
  const again = await revokeKey(context, admin, key.id, null);
  expect(again).toMatchObject({ key: { status: 'revoked' }, propagation: { acknowledged: 1 } });
  expect(await engine.verify(secret)).toBe('revoked');

  way.loseNextCommit();
  const creating = createKey(context, admin, projectId, { ownerId: 'o', name: 'Unknown' });
  await expect(creating).rejects.toMatchObject({ code: 'unavailable' });
  await expect(createKey(context, admin, projectId, { ownerId: 'o', name: 'Unknown' })).rejects.toMatchObject(
    {
      code: 'name_taken',
    },
  );
  await until(() => engine.follower.applied.seq === 4, 'the row of the lost answer was applied');
  expect((await expectIntactLedger(engine)).rows).toBe(4);
  await expectConsistent(place);
});

test('without a database memory answers for a lease and no longer, and all goes on when it is back', async () => {
  const place = await createDatabase();
  const engine = await startEngine(await place.open());
  const { context } = engine;
  const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
  const warm = await createKey(context, admin, projectId, {});
  const cold = await createKey(context, admin, projectId, {});
  expect(await engine.verify(warm.secret)).toBe('valid');
  const channel = await createChannel(context, admin, projectId, { slug: 'at', name: 'C' });
  const stream = await openStream(engine, channel);

  const name = new URL(place.location).pathname.slice(1);
  const elsewhere = inject('postgresUrl');
  await queryPostgres(elsewhere, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await queryPostgres(
    elsewhere,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  );
  expect(await engine.verify(warm.secret)).toBe('valid');
  expect(await engine.verify(cold.secret)).toBe('unavailable');
  await expect(createKey(context, admin, projectId, {})).rejects.toMatchObject({ code: 'unavailable' });
  expect(await engine.verify(warm.secret)).toBe('valid');
  expect(stream.isClosed).toBe(false);

  // A lease later; and not by the clock that stands still while a machine is suspended.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + leaseMs });
  onTestFinished(() => void vi.useRealTimers());
  expect(await engine.verify(warm.secret)).toBe('unavailable');
  expect(await engine.verify(warm.secret)).toBe('unavailable');
  await until(() => stream.isClosed, 'what was let through is ended: its key may be dead by now');
  await queryPostgres(elsewhere, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await expectRecovery(engine, projectId);
  await until(() => engine.fence.isOpen(), 'the fence is open again');
  for (const { secret } of [warm, cold]) expect(await engine.verify(secret)).toBe('valid');
});

test('what a process let through ends with its key, also when another one has taken over the database', async () => {
  const place = await createDatabase();
  const engine = await startEngine(await place.open());
  const { id: projectId } = await createProject(engine.context, admin, { name: 'P', preset: 'standard' });
  const channel = await createChannel(engine.context, admin, projectId, { slug: 'at', name: 'C' });
  const open = () => openStream(engine, channel);
  const [ofOther, ofOwn, living] = [await open(), await open(), await open()];
  await place.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'keywright node'`,
  );
  const other = await startEngine(await place.open());
  await until(() => !engine.fence.isOpen(), 'the process noticed that another one has taken over');

  await revokeKey(other.context, admin, ofOther.id, null);
  await until(() => ofOther.isClosed, 'what the other process revoked is ended');
  // The promise of the one that is not registered any more takes a lease.
  await revokeKey(engine.context, admin, ofOwn.id, null);
  await until(() => ofOwn.isClosed, 'what this process revoked is ended');
  expect(living.isClosed).toBe(false);
}, 60_000);

/** Something that a key of its own was let through for, at the channel `at`. */
async function openStream(
  engine: RunningEngine,
  { projectId, id: channelId }: Channel,
): Promise<{ id: string; isClosed: boolean }> {
  const { key, secret } = await createKey(engine.context, admin, projectId, {});
  const { key: record } = await engine.verifier.verify({ key: secret.reveal(), channel: 'at' }, admin);
  if (record === null) throw new Error('the key was not found');
  const stream = { id: key.id, isClosed: false };
  const close = () => {
    stream.isClosed = true;
  };
  const passed = { key: record, hash: record.hash, channelId, ip: null, scopesAt: () => [] };
  engine.streams.add({ ...passed, close }, false);
  return stream;
}

/** Changes are made again, without a restart, and what is revoked is dead at once. */
async function expectRecovery(engine: RunningEngine, projectId: string): Promise<void> {
  let created: Awaited<ReturnType<typeof createKey>> | null = null;
  await until(async () => {
    created = await createKey(engine.context, admin, projectId, {}).catch(() => null);
    return created !== null;
  }, 'a key could be made');
  if (created === null) return;
  const { key, secret } = created as Awaited<ReturnType<typeof createKey>>;
  expect(await engine.verify(secret)).toBe('valid');
  await revokeKey(engine.context, admin, key.id, null);
  expect(await engine.verify(secret)).toBe('revoked');
}
