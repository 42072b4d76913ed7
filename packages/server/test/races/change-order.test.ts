import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createChannel } from '../../src/channels/create-channel.ts';
import { deleteChannel } from '../../src/channels/delete-channel.ts';
import { updateChannel } from '../../src/channels/update-channel.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { deleteKey } from '../../src/keys/delete-key.ts';
import { retirePreviousSecret } from '../../src/keys/retire-previous-secret.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { rotateKey } from '../../src/keys/rotate-key.ts';
import { switchKey } from '../../src/keys/switch-key.ts';
import { updateKey } from '../../src/keys/update-key.ts';
import { createChange } from '../../src/ledger/change.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { deleteProject } from '../../src/projects/delete-project.ts';
import { updateProject } from '../../src/projects/update-project.ts';
import { createServiceKey } from '../../src/service-keys/create-service-key.ts';
import { deleteServiceKey } from '../../src/service-keys/delete-service-key.ts';
import { rotateServiceKey } from '../../src/service-keys/rotate-service-key.ts';
import { createPool } from '../../src/storage/postgres.ts';
import { createPostgresTransaction } from '../../src/storage/postgres-transaction.ts';
import { expectConsistent } from '../support/consistency.ts';
import { forbidDeadlocks } from '../support/deadlocks.ts';
import { createDatabase, forEachEngine, type Place } from '../support/engines.ts';
import { holdRows } from '../support/hold.ts';
import { insertKey } from '../support/records.ts';
import {
  admin,
  countAttempts,
  expectIntactLedger,
  type RunningEngine,
  startEngine,
  tally,
} from '../support/running-engine.ts';
import { untilBlocked } from '../support/waiting.ts';

forEachEngine((createPlace) => {
  test('of many changes at once, all over each other, each is made or refused, and the ledger tells of them in order', async () => {
    const place = await createPlace();
    if (place.engine === 'postgres') await forbidDeadlocks(place);
    const engine = await startEngine(await place.open());
    const world = await makeWorld(engine);
    const watched = watchLedger(place);
    const random = randomFrom(20_260_102);
    // In waves, because who waits longer than three seconds for one of ten connections is told so.
    const counts: Record<string, number> = {};
    for (let wave = 0; wave < 8; wave++) {
      const changes = Array.from({ length: 40 }, () => changeSomething(engine, world, random));
      for (const [outcome, count] of Object.entries(await tally(changes))) {
        counts[outcome] = (counts[outcome] ?? 0) + count;
      }
    }
    expect(counts.succeeded).toBeGreaterThan(100);
    expect(counts.unavailable, JSON.stringify(counts)).toBeUndefined();
    expect(counts.internal).toBeUndefined();

    const { rows } = await expectIntactLedger(engine);
    const [ledger] = await place.query<{ count: number; last: number }>(
      'SELECT count(*) AS count, max(seq) AS last FROM ledger',
    );
    expect([Number(ledger?.count), Number(ledger?.last)]).toEqual([rows, rows]);
    await watched.end();
    expect(engine.follower.applied.seq).toBe(rows);
    await expectConsistent(place);
  });
});

test('on PostgreSQL two processes’ changes would pass no limit either, and write one ledger', async () => {
  const place = await createDatabase();
  const engine = await startEngine(await place.open());
  const { id: projectId } = await createProject(engine.context, admin, { name: 'P', preset: 'standard' });
  const pool = createPool(place.location, () => {});
  const { context } = engine;
  const transaction = createPostgresTransaction(pool);
  const other = { ...context, change: createChange({ transaction, clock: context.clock, wake() {} }) };
  try {
    const release = await holdRows(
      place,
      `INSERT INTO owners (project_id, owner_id) VALUES ('${projectId}', 'o')`,
    );
    const creates = Array.from({ length: 30 }, (_, index) =>
      createKey(index % 2 === 0 ? context : other, admin, projectId, { ownerId: 'o', name: `Key ${index}` }),
    );
    const outcome = tally(creates);
    await untilBlocked(place, 20);
    await release();
    expect(await outcome).toEqual({ succeeded: 10, key_limit_reached: 20 });
    expect((await expectIntactLedger(engine)).rows).toBe(11);
  } finally {
    await pool.end();
  }
});

test('on PostgreSQL a change of a key that was moved meanwhile begins anew, and does not block the others', async () => {
  const place = await createDatabase();
  await forbidDeadlocks(place);
  const engine = await startEngine(await place.open());
  const { context, storage } = engine;
  const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
  const { id } = await storage.transaction((stores) => insertKey(stores, { projectId, ownerId: 'm' }));

  const commitMove = await holdRows(place, `UPDATE keys SET owner_id = 'a' WHERE id = '${id}'`);
  // Has the former owner, and waits for the key.
  const overtaken = updateKey(context, admin, id, { description: 'overtaken' });
  await untilBlocked(place, 1);
  // Has the new owner, and waits for the former one. Would the other now wait for the new one, neither could go on.
  const late = updateKey(context, admin, id, { ownerId: 'a', scopes: ['late'] });
  await untilBlocked(place, 2);
  await commitMove();
  expect(await tally([overtaken, late])).toEqual({ succeeded: 2 });
  expect(await storage.stores.keys.find(id, 0)).toMatchObject({
    ownerId: 'a',
    description: 'overtaken',
    scopes: ['late'],
  });
});

test('a PostgreSQL with another default isolation refuses nothing more, and repeats nothing', async () => {
  const place = await createDatabase();
  for (const isolation of ['serializable', 'repeatable read']) {
    await place.query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = %L', current_database(), '${isolation}'); END $$`,
    );
    const storage = countAttempts(await place.open());
    const engine = await startEngine(storage);
    const { id: projectId } = await createProject(engine.context, admin, {
      name: isolation,
      preset: 'standard',
    });
    const creates = Array.from({ length: 40 }, (_, index) =>
      createKey(engine.context, admin, projectId, { ownerId: 'o', name: `Key ${index}` }),
    );
    expect(await tally(creates), isolation).toEqual({ succeeded: 10, key_limit_reached: 30 });
    expect(storage.counts.attempts, isolation).toBe(storage.counts.changes);
    await engine.heartbeat.stop();
    await storage.close();
  }
});

interface World {
  projects: string[];
  channels: string[];
  keys: string[];
  serviceKeys: string[];
}

type Random = (below: number) => number;

async function makeWorld({ context, storage }: RunningEngine): Promise<World> {
  const world: World = { projects: [], channels: [], keys: [], serviceKeys: [] };
  for (const name of ['A', 'B']) {
    const { id: projectId } = await createProject(context, admin, { name, preset: 'standard' });
    world.projects.push(projectId);
    for (const slug of ['x', 'y']) {
      const created = await createChannel(context, admin, projectId, {
        slug: `${slug}-${name.toLowerCase()}`,
        name: slug,
      });
      world.channels.push(created.id);
      await storage.transaction(async (stores) => {
        const expired = {
          projectId,
          channelId: created.id,
          ownerId: 'o1',
          name: `Expired ${slug}`,
          expiresAt: 1,
        };
        world.keys.push((await insertKey(stores, expired)).id);
      });
    }
    for (let i = 0; i < 4; i++) {
      world.keys.push((await createKey(context, admin, projectId, { ownerId: `o${i % 3}` })).key.id);
    }
    world.serviceKeys.push(
      (await createServiceKey(context, admin, { name, projectId, scopes: ['verify'] })).serviceKey.id,
    );
  }
  return world;
}

/** One change of something, which may well be gone by then. What is made takes part in what follows. */
async function changeSomething({ context }: RunningEngine, world: World, random: Random): Promise<unknown> {
  const pick = (ids: string[]) => ids[random(ids.length)] ?? '';
  const [projectId, channelId, keyId, serviceKeyId] = [
    pick(world.projects),
    pick(world.channels),
    pick(world.keys),
    pick(world.serviceKeys),
  ];
  const owner = `o${random(3)}`;
  const soon = Date.now() + 60_000;
  const changes: (() => Promise<unknown>)[] = [
    async () => world.keys.push((await createKey(context, admin, projectId, { ownerId: owner })).key.id),
    async () =>
      world.keys.push((await createKey(context, admin, projectId, { ownerId: owner, channelId })).key.id),
    () => createKey(context, admin, projectId, {}),
    () => updateKey(context, admin, keyId, { ownerId: owner }),
    () => updateKey(context, admin, keyId, { ownerId: null, name: `Renamed ${random(5)}` }),
    () => updateKey(context, admin, keyId, { expiresAt: soon, scopes: ['a'] }),
    () => updateKey(context, admin, keyId, { description: `${random(100)}` }),
    () => rotateKey(context, admin, keyId, random(2) * 3600),
    () => retirePreviousSecret(context, admin, keyId),
    () => switchKey(context, admin, keyId, random(2) === 0 ? 'active' : 'inactive'),
    () =>
      random(3) === 0
        ? revokeKey(context, admin, keyId, 'random')
        : switchKey(context, admin, keyId, 'active'),
    () => (random(3) === 0 ? deleteKey(context, admin, keyId) : rotateKey(context, admin, keyId, 60)),
    () => updateProject(context, admin, projectId, { policy: { maxKeysPerOwner: 5 + random(20) } }),
    () => updateChannel(context, admin, channelId, { slug: `slug-${random(4)}` }),
    () => updateChannel(context, admin, channelId, { policy: { maxKeysPerOwner: 1 + random(9) } }),
    async () => {
      const slug = `slug-${random(4)}`;
      world.channels.push((await createChannel(context, admin, projectId, { slug, name: slug })).id);
    },
    () => deleteChannel(context, admin, channelId),
    () => rotateServiceKey(context, admin, serviceKeyId),
    () =>
      random(4) === 0
        ? deleteServiceKey(context, admin, serviceKeyId)
        : rotateServiceKey(context, admin, serviceKeyId),
    async () => {
      if (random(6) !== 0) return;
      await deleteProject(context, admin, projectId);
      const { id } = await createProject(context, admin, { name: 'Another', preset: 'standard' });
      world.projects[world.projects.indexOf(projectId)] = id;
    },
  ];
  return changes[random(changes.length)]?.();
}

/** Numbers that look random and are the same in each run. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * Looks at the ledger over and over, on a connection of its own: were the order of `seq` not that of the commits, there
 * would be moments at which a row is seen and one before it is not.
 */
function watchLedger(place: Place) {
  let isOver = false;
  const watching = (async () => {
    let looks = 0;
    for (let seen = 0; !isOver; looks++) {
      const [row] = await place.query<{ count: number; last: number | null }>(
        'SELECT count(*) AS count, max(seq) AS last FROM ledger',
      );
      const last = Number(row?.last);
      if (Number(row?.count) !== last || last < seen)
        throw new Error(`${row?.count} rows up to ${last} after ${seen}`);
      seen = last;
      await nextTurn();
    }
    return looks;
  })();
  return {
    async end() {
      isOver = true;
      expect(await watching).toBeGreaterThan(10);
    },
  };
}
