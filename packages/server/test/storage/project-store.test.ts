import { defaultPolicy, presets } from '@keywright/contract';
import { expect, test } from 'vitest';
import type { Position, Slice } from '../../src/domain/paginate.ts';
import { forEachEngine } from '../support/engines.ts';
import { awkwardTexts, epochMs, insertKey, insertProject, storedProject } from '../support/records.ts';

const all: Slice = { from: null, direction: 'next', limit: 100 };

forEachEngine((createPlace) => {
  test('every field of a project comes back as it went in', async () => {
    const storage = await (await createPlace()).open();
    const projects = awkwardTexts.map((name, index) =>
      storedProject({
        name,
        preset: presets[index % presets.length] ?? 'standard',
        policy: {
          maxKeysPerOwner: index % 2 === 0 ? null : 1_000_000,
          format: 'pair',
          prefix: 'acme_live',
          description: 'hidden',
          expiry: 'required',
          maxLifetimeDays: index % 2 === 0 ? 36_500 : null,
          uniqueNames: index % 2 === 0,
          confirmToggle: index % 2 === 1,
        },
        wording: { 'button.create': name, empty: '' },
        createdAt: epochMs + index,
      }),
    );
    await storage.transaction(async (stores) => {
      for (const project of projects) await stores.projects.insert(project);
    });
    for (const project of projects) {
      expect(await storage.stores.projects.find(project.id)).toEqual({ ...project, keyCount: 0 });
      for (const mode of ['share', 'update'] as const) {
        expect(await storage.transaction((stores) => stores.projects.lock(project.id, mode))).toEqual(
          project,
        );
      }
    }
    expect(await storage.stores.projects.list(null, all)).toEqual(
      projects.map((project) => ({ ...project, keyCount: 0 })).reverse(),
    );
  });

  test('an update changes every field of the one project, and no other', async () => {
    const storage = await (await createPlace()).open();
    const [changed, other] = await storage.transaction(async (stores) => [
      { ...(await insertProject(stores)), name: 'New', preset: 'table' as const, wording: { a: 'b' } },
      await insertProject(stores),
    ]);
    const update = { ...changed, policy: { ...defaultPolicy, maxKeysPerOwner: 3 } };
    await storage.transaction((stores) => stores.projects.update(update));
    expect(await storage.stores.projects.find(changed.id)).toEqual({ ...update, keyCount: 0 });
    expect(await storage.stores.projects.find(other.id)).toEqual({ ...other, keyCount: 0 });
  });

  test('a deleted project is seen through nothing, and an update does not bring it back', async () => {
    const storage = await (await createPlace()).open();
    const project = await storage.transaction((stores) => insertProject(stores));
    await storage.transaction((stores) => stores.projects.delete(project.id, epochMs + 1));
    await storage.transaction((stores) => stores.projects.update({ ...project, name: 'Back again' }));
    for (const stores of [storage.stores, null]) {
      const read = <T>(run: (from: typeof storage.stores) => Promise<T>) =>
        stores === null ? storage.transaction(run) : run(stores);
      expect(await read(({ projects }) => projects.find(project.id))).toBeNull();
      expect(await read(({ projects }) => projects.list(null, all))).toEqual([]);
      expect(await read(({ projects }) => projects.list([project.id], all))).toEqual([]);
      expect(await read(({ projects }) => projects.count(null, 10))).toBe(0);
      expect(await read(({ projects }) => projects.count([project.id], 10))).toBe(0);
    }
    expect(await storage.transaction(({ projects }) => projects.lock(project.id, 'share'))).toBeNull();
    expect(await storage.transaction(({ projects }) => projects.lock(project.id, 'update'))).toBeNull();
  });

  test('an unknown project is null, and an id is taken once', async () => {
    const storage = await (await createPlace()).open();
    const project = await storage.transaction((stores) => insertProject(stores));
    expect(await storage.stores.projects.find('prj_unknown')).toBeNull();
    expect(await storage.transaction(({ projects }) => projects.lock('prj_unknown', 'update'))).toBeNull();
    await expect(storage.transaction(({ projects }) => projects.insert(project))).rejects.toThrow();
    expect(await storage.stores.projects.count(null, 10)).toBe(1);
  });

  test('keys are counted without the deleted ones', async () => {
    const storage = await (await createPlace()).open();
    const [project, other] = await storage.transaction(async (stores) => {
      const projects = [await insertProject(stores), await insertProject(stores)] as const;
      await insertKey(stores, { projectId: projects[0].id });
      await insertKey(stores, { projectId: projects[0].id, status: 'revoked', revokedAt: epochMs });
      const deleted = await insertKey(stores, { projectId: projects[0].id });
      await stores.keys.delete(deleted.id, epochMs);
      await insertKey(stores, { projectId: projects[1].id });
      return projects;
    });
    expect(await storage.stores.projects.find(project.id)).toMatchObject({ keyCount: 2 });
    const counts = (await storage.stores.projects.list(null, all)).map(({ id, keyCount }) => [id, keyCount]);
    expect(Object.fromEntries(counts)).toEqual({ [project.id]: 2, [other.id]: 1 });
  });

  test('pages go both ways, newest first, also where two were made in the same millisecond', async () => {
    const storage = await (await createPlace()).open();
    const ids = await storage.transaction(async (stores) => {
      const made: string[] = [];
      for (const createdAt of [1, 2, 2, 2, 3]) made.push((await insertProject(stores, { createdAt })).id);
      return made.sort().reverse();
    });
    const at = (index: number): Position => ({ value: null, id: ids[index] ?? '' });
    const list = async (slice: Slice) =>
      (await storage.stores.projects.list(null, slice)).map(({ id }) => id);
    expect(await list({ from: null, direction: 'next', limit: 2 })).toEqual(ids.slice(0, 2));
    expect(await list({ from: at(1), direction: 'next', limit: 2 })).toEqual(ids.slice(2, 4));
    expect(await list({ from: at(3), direction: 'next', limit: 2 })).toEqual(ids.slice(4));
    expect(await list({ from: at(4), direction: 'next', limit: 2 })).toEqual([]);
    expect(await list({ from: at(3), direction: 'previous', limit: 2 })).toEqual([ids[2], ids[1]]);
    expect(await list({ from: at(0), direction: 'previous', limit: 2 })).toEqual([]);
    expect(await list({ from: null, direction: 'previous', limit: 2 })).toEqual([ids[4], ids[3]]);
  });

  test('some projects can be listed alone, or none, and counting stops at the maximum', async () => {
    const storage = await (await createPlace()).open();
    const first = await storage.transaction(async (stores) => {
      await insertProject(stores);
      await insertProject(stores);
      return insertProject(stores);
    });
    expect((await storage.stores.projects.list([first.id], all)).map(({ id }) => id)).toEqual([first.id]);
    expect(await storage.stores.projects.count([first.id], 10)).toBe(1);
    expect(await storage.stores.projects.list([], all)).toEqual([]);
    expect(await storage.stores.projects.count([], 10)).toBe(0);
    for (const max of [1, 2, 3, 10])
      expect(await storage.stores.projects.count(null, max)).toBe(Math.min(3, max));
  });
});
