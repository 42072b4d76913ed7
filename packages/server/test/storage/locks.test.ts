import { expect, test } from 'vitest';
import type { Stores } from '../../src/domain/context.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { createDatabase, forEachEngine } from '../support/engines.ts';
import { insertChannel, insertKey, insertProject, randomHash, storedServiceKey } from '../support/records.ts';
import { untilBlocked } from '../support/waiting.ts';

interface Ids {
  project: string;
  channel: string;
  key: string;
  serviceKey: string;
}

type Take = (stores: Stores, ids: Ids) => Promise<unknown>;

const forUpdate: Record<string, Take> = {
  'a project': ({ projects }, ids) => projects.lock(ids.project, 'update'),
  'a channel': ({ channels }, ids) => channels.lock(ids.channel, 'update'),
  'a key': ({ keys }, ids) => keys.lock(ids.key),
  'an owner': ({ keys }, ids) => keys.lockOwner(ids.project, 'owner'),
  'an owner without any key yet': ({ keys }, ids) => keys.lockOwner(ids.project, 'newcomer'),
  'a service key': ({ serviceKeys }, ids) => serviceKeys.lock(ids.serviceKey),
  'a slug': ({ channels }, ids) => channels.claimSlug('fresh-slug', ids.project, ids.channel),
  'the head of the ledger': ({ ledger }) => ledger.takeHead(1),
};

const forShare: Record<string, Take> = {
  'a project': ({ projects }, ids) => projects.lock(ids.project, 'share'),
  'a channel': ({ channels }, ids) => channels.lock(ids.channel, 'share'),
};

forEachEngine((createPlace) => {
  test.each(Object.entries(forUpdate))('who locks %s waits for who has it', async (_, take) => {
    const place = await createPlace();
    const storage = await place.open();
    const ids = await insertAll(storage);
    await expectInTurn(place, storage, { first: take, second: take, ids });
  });

  test.each(Object.entries(forShare))('who shares %s waits for who changes it', async (what, share) => {
    const place = await createPlace();
    const storage = await place.open();
    const ids = await insertAll(storage);
    const update = forUpdate[what];
    if (update === undefined) throw new Error(`nothing locks ${what}`);
    await expectInTurn(place, storage, { first: update, second: share, ids });
    await expectInTurn(place, storage, { first: share, second: update, ids });
  });

  test('a lock is gone when its transaction failed, and so is all that the transaction did', async () => {
    const storage = await (await createPlace()).open();
    const ids = await insertAll(storage);
    const failing = storage.transaction(async (stores) => {
      for (const take of Object.values(forUpdate)) await take(stores, ids);
      await stores.keys.delete(ids.key, 1);
      throw new RangeError('stopped on purpose');
    });
    await expect(failing).rejects.toThrow(RangeError);
    await storage.transaction(async (stores) => {
      for (const take of Object.values(forUpdate)) await take(stores, ids);
      expect(await stores.keys.lock(ids.key)).not.toBeNull();
    });
  });
});

test.each(Object.entries(forShare))('many share %s at the same time on PostgreSQL', async (_, share) => {
  const storage = await (await createDatabase()).open();
  const ids = await insertAll(storage);
  const allHaveIt = Promise.withResolvers<void>();
  let count = 0;
  const sharing = Array.from({ length: 5 }, () =>
    storage.transaction(async (stores) => {
      await share(stores, ids);
      if (++count === 5) allHaveIt.resolve();
      await allHaveIt.promise;
    }),
  );
  await Promise.all(sharing);
  expect(count).toBe(5);
});

/** The second asks while the first holds: it must be blocked then, and come after it. */
async function expectInTurn(
  place: Parameters<typeof untilBlocked>[0],
  storage: Storage,
  { first, second, ids }: { first: Take; second: Take; ids: Ids },
): Promise<void> {
  const events: string[] = [];
  const [entered, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = storage.transaction(async (stores) => {
    await first(stores, ids);
    entered.resolve();
    await gate.promise;
    events.push('first ends');
  });
  await entered.promise;
  const waiting = storage.transaction(async (stores) => {
    await second(stores, ids);
    events.push('second begins');
  });
  await untilBlocked(place);
  gate.resolve();
  await Promise.all([holding, waiting]);
  expect(events).toEqual(['first ends', 'second begins']);
}

function insertAll(storage: Storage): Promise<Ids> {
  return storage.transaction(async (stores) => {
    const project = await insertProject(stores);
    const channel = await insertChannel(stores, { projectId: project.id });
    const key = await insertKey(stores, { projectId: project.id, ownerId: 'owner' });
    const serviceKey = storedServiceKey();
    await stores.serviceKeys.insert(serviceKey, randomHash());
    return { project: project.id, channel: channel.id, key: key.id, serviceKey: serviceKey.id };
  });
}
