import { expect, test } from 'vitest';
import type { Storage } from '../../src/storage/storage.ts';
import { forEachEngine } from '../support/engines.ts';
import { epochMs, insertChannel, insertKey, insertProject } from '../support/records.ts';

async function makePlaces(storage: Storage) {
  return storage.transaction(async (stores) => {
    const project = await insertProject(stores);
    const channel = await insertChannel(stores, { projectId: project.id });
    return { projectId: project.id, channelId: channel.id };
  });
}

async function countsOf(
  { stores }: Storage,
  { projectId, channelId }: { projectId: string; channelId: string },
) {
  const [project, channel] = [await stores.projects.find(projectId), await stores.channels.find(channelId)];
  return [project?.keyCount, channel?.keyCount];
}

forEachEngine((createPlace) => {
  test('the counts follow the keys, also those that are written past the stores', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const { projectId, channelId } = await makePlaces(storage);
    const keys = await storage.transaction(async (stores) => [
      await insertKey(stores, { projectId }),
      await insertKey(stores, { projectId, channelId }),
      await insertKey(stores, { projectId, channelId, status: 'revoked', revokedAt: epochMs }),
    ]);
    expect(await countsOf(storage, { projectId, channelId })).toEqual([3, 2]);

    const [first, second, third] = keys.map(({ id }) => id);
    const copies = ['x', 'y', 'z'].map(
      (end) => `SELECT id || '${end}' AS copy, keys.* FROM keys WHERE id = '${second}'`,
    );
    await place.query(
      `INSERT INTO keys (id, project_id, channel_id, name, format, status, scopes, metadata, ip_allow, created_at, created_by,
         updated_at, search_text, deleted_at)
       SELECT copy, project_id, channel_id, name, format, status, scopes, metadata, ip_allow, created_at, created_by,
         updated_at, search_text, CASE WHEN copy = '${second}z' THEN 1 END
       FROM (${copies.join(' UNION ALL ')}) AS copies`,
    );
    expect(await countsOf(storage, { projectId, channelId })).toEqual([5, 4]);

    await storage.transaction(({ keys }) => keys.delete(first ?? '', epochMs));
    await storage.transaction(({ keys }) => keys.delete(third ?? '', epochMs));
    expect(await countsOf(storage, { projectId, channelId })).toEqual([3, 3]);

    // Deleted twice, and changed in all else: neither makes it fewer.
    await storage.transaction(({ keys }) => keys.delete(third ?? '', epochMs + 1));
    await storage.transaction(async ({ keys }) => {
      const key = await keys.lock(second ?? '');
      if (key !== null) await keys.update({ ...key, name: 'Renamed', status: 'revoked', revokedAt: epochMs });
    });
    expect(await countsOf(storage, { projectId, channelId })).toEqual([3, 3]);

    await place.query(`DELETE FROM keys WHERE id IN ('${second}x', '${second}z')`);
    expect(await countsOf(storage, { projectId, channelId })).toEqual([2, 2]);
  });

  test('a change that is undone does not count', async () => {
    const storage = await (await createPlace()).open();
    const { projectId, channelId } = await makePlaces(storage);
    const undone = storage.transaction(async (stores) => {
      await insertKey(stores, { projectId, channelId });
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    await storage.transaction((stores) => insertKey(stores, { projectId }));
    expect(await countsOf(storage, { projectId, channelId })).toEqual([1, 0]);
  });

  test('changes at the same time all count, and wait for each other without a deadlock', async () => {
    const storage = await (await createPlace()).open();
    const { projectId, channelId } = await makePlaces(storage);
    let attempts = 0;
    const changes = Array.from({ length: 30 }, (_, index) =>
      storage.transaction(async (stores) => {
        attempts++;
        const key = await insertKey(stores, { projectId, channelId: index % 2 === 0 ? channelId : null });
        if (index % 3 === 0) await stores.keys.delete(key.id, epochMs);
        await stores.ledger.takeHead(0);
      }),
    );
    await Promise.all(changes);
    expect(await countsOf(storage, { projectId, channelId })).toEqual([20, 10]);
    expect(attempts).toBe(30);
  });
});
