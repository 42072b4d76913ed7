import { expect, test } from 'vitest';
import { createChannel } from '../../src/channels/create-channel.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { updateKey } from '../../src/keys/update-key.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { updateProject } from '../../src/projects/update-project.ts';
import { createDatabase, createDirectory, forEachEngine, type Place } from '../support/engines.ts';
import { hold, holdRows } from '../support/hold.ts';
import { insertKey } from '../support/records.ts';
import {
  admin,
  expectIntactLedger,
  type RunningEngine,
  startEngine,
  tally,
} from '../support/running-engine.ts';
import { until, untilBlocked } from '../support/waiting.ts';

/** Takes the lock of an owner, known yet or not, as a change does. */
const lockOwner = (projectId: string, ownerId: string) =>
  `INSERT INTO owners (project_id, owner_id) VALUES ('${projectId}', '${ownerId}')
   ON CONFLICT (project_id, owner_id) DO UPDATE SET owner_id = excluded.owner_id`;

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    const engine = await startEngine(await place.open());
    const project = await createProject(engine.context, admin, { name: 'P', preset: 'standard' });
    return { place, engine, projectId: project.id };
  }

  /** Lets changes run up to the lock of an owner, and all at once beyond it. */
  async function race(place: Place, engine: RunningEngine, lock: string, begin: () => Promise<unknown>[]) {
    const release = await hold(place, engine.storage, lock);
    const changes = begin();
    const outcome = tally(changes);
    await untilBlocked(place, Math.min(changes.length, 5));
    await release();
    return outcome;
  }

  test('of forty creates for one owner exactly ten pass', async () => {
    const { place, engine, projectId } = await start();
    const outcome = await race(place, engine, lockOwner(projectId, 'o'), () =>
      Array.from({ length: 40 }, (_, index) =>
        createKey(engine.context, admin, projectId, { ownerId: 'o', name: `Key ${index}` }),
      ),
    );
    expect(outcome).toEqual({ succeeded: 10, key_limit_reached: 30 });
    expect(await countKeys(engine, projectId, 'o')).toBe(10);
    expect((await expectIntactLedger(engine)).rows).toBe(11);
  });

  test('each place has its own limit, and default names do not collide', async () => {
    const { place, engine, projectId } = await start();
    const channel = await createChannel(engine.context, admin, projectId, {
      slug: 'maps',
      name: 'Maps',
      policy: { maxKeysPerOwner: 3 },
    });
    let inChannel: Promise<unknown> | null = null;
    const inProject = await race(place, engine, lockOwner(projectId, 'o'), () => {
      const inOneOfTwo = (index: number) => ({
        ownerId: 'o',
        channelId: index % 2 === 0 ? channel.id : null,
      });
      const creates = Array.from({ length: 30 }, (_, index) =>
        createKey(engine.context, admin, projectId, inOneOfTwo(index)),
      );
      inChannel = tally(creates.filter((_, index) => index % 2 === 0));
      return creates.filter((_, index) => index % 2 === 1);
    });
    expect(inProject).toEqual({ succeeded: 10, key_limit_reached: 5 });
    expect(await inChannel).toEqual({ succeeded: 3, key_limit_reached: 12 });
    const names = (await listKeys(engine, projectId, 'o')).map(({ name }) => name);
    expect(new Set(names).size).toBe(13);
  });

  test('of ten keys of one name one is made, in whatever place', async () => {
    const { place, engine, projectId } = await start();
    const channel = await createChannel(engine.context, admin, projectId, { slug: 'maps', name: 'Maps' });
    const outcome = await race(place, engine, lockOwner(projectId, 'o'), () =>
      Array.from({ length: 10 }, (_, index) =>
        createKey(engine.context, admin, projectId, {
          ownerId: 'o',
          name: 'The one',
          channelId: index % 2 === 0 ? channel.id : null,
        }),
      ),
    );
    expect(outcome).toEqual({ succeeded: 1, name_taken: 9 });
  });

  test('of five keys that are renamed to one name one gets it', async () => {
    const { place, engine, projectId } = await start();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push((await createKey(engine.context, admin, projectId, { ownerId: 'o' })).key.id);
    }
    const outcome = await race(place, engine, lockOwner(projectId, 'o'), () =>
      ids.map((id) => updateKey(engine.context, admin, id, { name: 'The one' })),
    );
    expect(outcome).toEqual({ succeeded: 1, name_taken: 4 });
  });

  test('of six keys that move to an owner with room for two, two arrive', async () => {
    const { place, engine, projectId } = await start();
    const ids: string[] = [];
    for (let i = 0; i < 8; i++) await createKey(engine.context, admin, projectId, { ownerId: 'm' });
    // From owners before and after the one they move to, so that both orders of locking two owners occur.
    for (const ownerId of ['a', 'b', 'c', 'x', 'y', 'z']) {
      const { key } = await createKey(engine.context, admin, projectId, { ownerId, name: `Of ${ownerId}` });
      ids.push(key.id);
    }
    const outcome = await race(place, engine, lockOwner(projectId, 'm'), () =>
      ids.map((id) => updateKey(engine.context, admin, id, { ownerId: 'm' })),
    );
    expect(outcome).toEqual({ succeeded: 2, key_limit_reached: 4 });
    expect(await countKeys(engine, projectId, 'm')).toBe(10);
  });

  test('of expired keys that are revived, and of creates beside them, only one gets the last place', async () => {
    const { place, engine, projectId } = await start();
    const { storage } = engine;
    for (let i = 0; i < 9; i++) await createKey(engine.context, admin, projectId, { ownerId: 'o' });
    const expired = await storage.transaction(async (stores) => [
      await insertKey(stores, { projectId, ownerId: 'o', name: 'Expired 1', expiresAt: 1 }),
      await insertKey(stores, { projectId, ownerId: 'o', name: 'Expired 2', expiresAt: 1 }),
    ]);
    const outcome = await race(place, engine, lockOwner(projectId, 'o'), () => [
      ...expired.map(({ id }) => updateKey(engine.context, admin, id, { expiresAt: Date.now() + 60_000 })),
      createKey(engine.context, admin, projectId, { ownerId: 'o', name: 'New 1' }),
      createKey(engine.context, admin, projectId, { ownerId: 'o', name: 'New 2' }),
    ]);
    expect(outcome).toEqual({ succeeded: 1, key_limit_reached: 3 });
  });

  test('a lower limit holds for every create that began after it was answered', async () => {
    const { place, engine, projectId } = await start();
    const release = await hold(
      place,
      engine.storage,
      `SELECT 1 FROM projects WHERE id = '${projectId}' FOR UPDATE`,
    );
    const create = () => createKey(engine.context, admin, projectId, { ownerId: 'o' });
    const before = tally(Array.from({ length: 4 }, create));
    const patching = updateProject(engine.context, admin, projectId, { policy: { maxKeysPerOwner: 2 } });
    const after = patching.then(() => tally(Array.from({ length: 4 }, create)));
    await untilBlocked(place, 4);
    await release();
    const succeeded = [(await before).succeeded ?? 0, (await after).succeeded ?? 0] as const;
    expect(succeeded[1]).toBe(Math.max(0, 2 - succeeded[0]));
    expect(await countKeys(engine, projectId, 'o')).toBe(succeeded[0] + succeeded[1]);
  });
});

test('on PostgreSQL a change that waited goes by the time at which it got its locks', async () => {
  const place = await createDatabase();
  const engine = await startEngine(await place.open());
  const { context } = engine;
  const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
  for (let i = 0; i < 9; i++) await createKey(context, admin, projectId, { ownerId: 'o' });
  const expiresAt = context.clock.now() + 400;
  const { key } = await createKey(context, admin, projectId, { ownerId: 'o', expiresAt });
  // Both stand where they read keys: the change that began before the expiry at its very beginning, the create, which
  // began after it and so takes the place that became free, with its owner already locked.
  const release = await holdRows(place, 'LOCK TABLE keys IN ACCESS EXCLUSIVE MODE');
  const prolonging = updateKey(context, admin, key.id, { expiresAt: expiresAt + 60_000 });
  await untilBlocked(place, 1);
  await until(() => context.clock.now() > expiresAt, 'the key expired');
  const creating = createKey(context, admin, projectId, { ownerId: 'o', name: 'In its place' });
  await untilBlocked(place, 2);
  await release();
  expect(await tally([prolonging, creating])).toEqual({ succeeded: 1, key_limit_reached: 1 });
});

test('an owner with very many keys of default names gets another one', async () => {
  const storage = await (await createDirectory()).open();
  const { context } = await startEngine(storage);
  const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'channels' });
  await storage.transaction(async (stores) => {
    for (let i = 1; i <= 1200; i++) await insertKey(stores, { projectId, ownerId: 'o', name: `Key ${i}` });
  });
  const names = new Set<string>();
  for (let i = 0; i < 3; i++)
    names.add((await createKey(context, admin, projectId, { ownerId: 'o' })).key.name);
  expect(names.size).toBe(3);
});

async function listKeys(engine: RunningEngine, projectId: string, ownerId: string) {
  const slice = { from: null, direction: 'next', limit: 100 } as const;
  return engine.storage.stores.keys.list({ projectId, ownerId }, 'createdAt', slice, Date.now());
}

async function countKeys(engine: RunningEngine, projectId: string, ownerId: string): Promise<number> {
  return (await listKeys(engine, projectId, ownerId)).length;
}
