import { type ChannelPolicy, defaultChannelGateway, emptyChannelPolicy } from '@keywright/contract';
import { expect, test } from 'vitest';
import type { Position, Slice } from '../../src/domain/paginate.ts';
import { forEachEngine } from '../support/engines.ts';
import {
  awkwardTexts,
  epochMs,
  fullGateway,
  insertChannel,
  insertKey,
  insertProject,
  storedChannel,
} from '../support/records.ts';

const all: Slice = { from: null, direction: 'next', limit: 100 };

const fullPolicy: ChannelPolicy = {
  maxKeysPerOwner: 3,
  format: 'pair',
  prefix: 'ch_1',
  description: 'required',
  expiry: 'hidden',
  maxLifetimeDays: 1,
  uniqueNames: false,
  confirmToggle: true,
};

forEachEngine((createPlace) => {
  test('every field of a channel comes back as it went in', async () => {
    const storage = await (await createPlace()).open();
    const project = await storage.transaction((stores) => insertProject(stores));
    const channels = awkwardTexts.map((text, index) =>
      storedChannel({
        projectId: project.id,
        slug: `slug-${index}`,
        name: text,
        description: index % 2 === 0 ? `${text}\n\tsecond line` : null,
        upstream: index % 2 === 1 ? 'https://api.example.com:8443/v1/%20' : null,
        policy: index % 2 === 0 ? fullPolicy : emptyChannelPolicy,
        gateway: index % 2 === 0 ? fullGateway : defaultChannelGateway,
        createdAt: epochMs + index,
      }),
    );
    await storage.transaction(async (stores) => {
      for (const channel of channels) await stores.channels.insert(channel);
    });
    for (const channel of channels) {
      expect(await storage.stores.channels.find(channel.id)).toEqual({ ...channel, keyCount: 0 });
      for (const mode of ['share', 'update'] as const) {
        expect(await storage.transaction((stores) => stores.channels.lock(channel.id, mode))).toEqual(
          channel,
        );
      }
    }
    expect(await storage.stores.channels.list(project.id, all)).toEqual(
      channels.map((channel) => ({ ...channel, keyCount: 0 })).reverse(),
    );
  });

  test('an update changes every field of the one channel, and no other', async () => {
    const storage = await (await createPlace()).open();
    const [changed, other] = await storage.transaction(async (stores) => {
      const project = await insertProject(stores);
      return [
        await insertChannel(stores, { projectId: project.id }),
        await insertChannel(stores, { projectId: project.id }),
      ];
    });
    if (changed === undefined || other === undefined) throw new Error('two channels were inserted');
    const update = {
      ...changed,
      slug: 'new-slug',
      name: 'New',
      description: 'd',
      upstream: 'http://a',
      policy: fullPolicy,
      gateway: fullGateway,
    };
    await storage.transaction((stores) => stores.channels.update(update));
    expect(await storage.stores.channels.find(changed.id)).toEqual({ ...update, keyCount: 0 });
    expect(await storage.stores.channels.find(other.id)).toEqual({ ...other, keyCount: 0 });
  });

  test('a deleted channel is seen through nothing, and an update does not bring it back', async () => {
    const storage = await (await createPlace()).open();
    const channel = await storage.transaction(async (stores) => {
      const project = await insertProject(stores);
      const inserted = await insertChannel(stores, { projectId: project.id });
      await stores.channels.delete(inserted.id, epochMs);
      await stores.channels.update({ ...inserted, name: 'Back again' });
      return inserted;
    });
    expect(await storage.stores.channels.find(channel.id)).toBeNull();
    expect(await storage.stores.channels.list(channel.projectId, all)).toEqual([]);
    expect(await storage.stores.channels.count(channel.projectId, 10)).toBe(0);
    for (const mode of ['share', 'update'] as const) {
      expect(await storage.transaction(({ channels }) => channels.lock(channel.id, mode))).toBeNull();
    }
  });

  test('a channel of a deleted project is not found', async () => {
    const storage = await (await createPlace()).open();
    const channel = await storage.transaction(async (stores) => {
      const project = await insertProject(stores);
      const inserted = await insertChannel(stores, { projectId: project.id });
      await stores.projects.delete(project.id, epochMs);
      return inserted;
    });
    expect(await storage.stores.channels.find(channel.id)).toBeNull();
  });

  test('an unknown channel is null', async () => {
    const storage = await (await createPlace()).open();
    expect(await storage.stores.channels.find('chn_unknown')).toBeNull();
    expect(await storage.transaction(({ channels }) => channels.lock('chn_unknown', 'share'))).toBeNull();
    expect(await storage.stores.channels.list('prj_unknown', all)).toEqual([]);
  });

  test('keys bound to it are counted without the deleted ones', async () => {
    const storage = await (await createPlace()).open();
    const channel = await storage.transaction(async (stores) => {
      const { id: projectId } = await insertProject(stores);
      const { id: channelId } = await insertChannel(stores, { projectId });
      await insertKey(stores, { projectId });
      await insertKey(stores, { projectId, channelId });
      await insertKey(stores, { projectId, channelId, status: 'revoked' });
      const deleted = await insertKey(stores, { projectId, channelId });
      await stores.keys.delete(deleted.id, epochMs);
      return { id: channelId, projectId };
    });
    expect(await storage.stores.channels.find(channel.id)).toMatchObject({ keyCount: 2 });
    expect(await storage.stores.channels.list(channel.projectId, all)).toMatchObject([{ keyCount: 2 }]);
  });

  test('pages go both ways, newest first, through the one project only', async () => {
    const storage = await (await createPlace()).open();
    const { projectId, ids } = await storage.transaction(async (stores) => {
      const project = await insertProject(stores);
      const stranger = await insertProject(stores);
      const made: string[] = [];
      for (const createdAt of [1, 2, 2, 3]) {
        made.push((await insertChannel(stores, { projectId: project.id, createdAt })).id);
        await insertChannel(stores, { projectId: stranger.id, createdAt });
      }
      return { projectId: project.id, ids: made.sort().reverse() };
    });
    const at = (index: number): Position => ({ value: null, id: ids[index] ?? '' });
    const list = async (slice: Slice) =>
      (await storage.stores.channels.list(projectId, slice)).map(({ id }) => id);
    expect(await list({ from: null, direction: 'next', limit: 3 })).toEqual(ids.slice(0, 3));
    expect(await list({ from: at(2), direction: 'next', limit: 3 })).toEqual(ids.slice(3));
    expect(await list({ from: at(3), direction: 'previous', limit: 2 })).toEqual([ids[2], ids[1]]);
    expect(await list({ from: at(0), direction: 'previous', limit: 2 })).toEqual([]);
    for (const max of [1, 3, 4, 9])
      expect(await storage.stores.channels.count(projectId, max)).toBe(Math.min(4, max));
  });

  test('a slug stays with its project, also after it was released', async () => {
    const storage = await (await createPlace()).open();
    await storage.transaction(async (stores) => {
      const [first, second] = [await insertProject(stores), await insertProject(stores)];
      const { channels } = stores;
      expect(await channels.claimSlug('maps', first.id, 'chn_1')).toBe(true);
      const channel = storedChannel({ projectId: first.id, slug: 'maps' });
      await channels.insert(channel);

      expect(await channels.claimSlug('maps', second.id, 'chn_2')).toBe(false);
      expect(await channels.claimSlug('maps', first.id, 'chn_2')).toBe(false);
      expect(await channels.claimSlug('maps', first.id, channel.id)).toBe(true);

      await channels.update({ ...channel, slug: 'charts' });
      expect(await channels.claimSlug('maps', second.id, 'chn_2')).toBe(false);
      expect(await channels.claimSlug('maps', first.id, 'chn_2')).toBe(true);

      await channels.delete(channel.id, epochMs);
      await stores.projects.delete(first.id, epochMs);
      expect(await channels.claimSlug('maps', second.id, 'chn_2')).toBe(false);
    });
  });

  test('two live channels cannot have one slug, whatever was claimed', async () => {
    const storage = await (await createPlace()).open();
    const project = await storage.transaction((stores) => insertProject(stores));
    const insert = () =>
      storage.transaction((stores) =>
        stores.channels.insert(storedChannel({ projectId: project.id, slug: 'one' })),
      );
    await insert();
    await expect(insert()).rejects.toThrow(/unique|duplicate/i);
    expect(await storage.stores.channels.count(project.id, 10)).toBe(1);
  });

  test('a claim goes when its transaction fails', async () => {
    const storage = await (await createPlace()).open();
    const [first, second] = await storage.transaction(async (stores) => [
      (await insertProject(stores)).id,
      (await insertProject(stores)).id,
    ]);
    const failing = storage.transaction(async ({ channels }) => {
      await channels.claimSlug('maps', first ?? '', 'chn_1');
      throw new RangeError('stopped on purpose');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(
      await storage.transaction(({ channels }) => channels.claimSlug('maps', second ?? '', 'chn_2')),
    ).toBe(true);
  });
});
