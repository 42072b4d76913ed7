import { serviceKeyScopes } from '@keywright/contract';
import { expect, test } from 'vitest';
import type { Position, Slice } from '../../src/domain/paginate.ts';
import type { StoredServiceKey } from '../../src/service-keys/service-key-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { forEachEngine } from '../support/engines.ts';
import { awkwardTexts, epochMs, insertProject, randomHash, storedServiceKey } from '../support/records.ts';

const all: Slice = { from: null, direction: 'next', limit: 100 };
const now = epochMs + 1000;

forEachEngine((createPlace) => {
  test('every field of a service key comes back as it went in', async () => {
    const storage = await (await createPlace()).open();
    const project = await storage.transaction((stores) => insertProject(stores));
    const serviceKeys = awkwardTexts.map((text, index) =>
      storedServiceKey({
        name: text,
        projectId: index % 2 === 0 ? project.id : null,
        scopes: index % 2 === 0 ? [...serviceKeyScopes] : ['keys:read'],
        display: `kws_${index}…`,
        createdAt: epochMs + index,
        createdBy: `svc_${index}`,
        lastUsedAt: index % 2 === 0 ? now : null,
        expiresAt: index % 2 === 1 ? now : null,
        bootstrap: index % 3 === 0,
      }),
    );
    const secrets = await insert(storage, ...serviceKeys);
    expect(await storage.stores.serviceKeys.list({}, all)).toEqual(serviceKeys.toReversed());
    for (const [index, serviceKey] of serviceKeys.entries()) {
      expect(await storage.transaction((stores) => stores.serviceKeys.lock(serviceKey.id))).toEqual(
        serviceKey,
      );
      expect(await storage.stores.serviceKeys.findBySecret(secrets[index] ?? randomHash())).toEqual(
        serviceKey,
      );
    }
    const bootstrap = serviceKeys.filter((serviceKey) => serviceKey.bootstrap);
    expect(new Set(await storage.stores.serviceKeys.listBootstrap())).toEqual(new Set(bootstrap));
  });

  test('a replaced secret is found no more, and still known as its own', async () => {
    const storage = await (await createPlace()).open();
    const [serviceKey, other] = [storedServiceKey(), storedServiceKey()];
    const [first, strange] = await insert(storage, serviceKey, other);
    const second = randomHash();
    await storage.transaction(({ serviceKeys }) =>
      serviceKeys.replaceSecret(serviceKey.id, second, 'kws_new…', now),
    );
    const { serviceKeys } = storage.stores;
    expect(await serviceKeys.findBySecret(first)).toBeNull();
    expect(await serviceKeys.findBySecret(second)).toEqual({ ...serviceKey, display: 'kws_new…' });
    expect(await serviceKeys.findBySecret(strange)).toEqual(other);
    for (const secret of [first, second]) expect(await serviceKeys.ownerOfSecret(secret)).toBe(serviceKey.id);
    expect(await serviceKeys.ownerOfSecret(randomHash())).toBeNull();
    expect(await serviceKeys.findBySecret(randomHash())).toBeNull();
  });

  test('a deleted service key is seen through nothing but by whose secret it was', async () => {
    const storage = await (await createPlace()).open();
    const serviceKey = storedServiceKey({ bootstrap: true });
    const [secret] = await insert(storage, serviceKey);
    await storage.transaction(({ serviceKeys }) => serviceKeys.delete(serviceKey.id, now));
    await expectUnseen(storage, serviceKey, secret);
    expect(await storage.stores.serviceKeys.ownerOfSecret(secret)).toBe(serviceKey.id);
  });

  test('a service key dies with its project', async () => {
    const storage = await (await createPlace()).open();
    const project = await storage.transaction((stores) => insertProject(stores));
    const serviceKey = storedServiceKey({ projectId: project.id, bootstrap: true });
    const [secret] = await insert(storage, serviceKey);
    await storage.transaction((stores) => stores.projects.delete(project.id, now));
    await expectUnseen(storage, serviceKey, secret);
  });

  test('a hash is taken for good, and a service key has one current secret', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const serviceKey = storedServiceKey();
    const [first] = await insert(storage, serviceKey);
    const insertAnother = () =>
      storage.transaction(({ serviceKeys }) => serviceKeys.insert(storedServiceKey(), first));
    await expect(insertAnother()).rejects.toThrow(/unique|duplicate/i);
    await storage.transaction(({ serviceKeys }) => serviceKeys.delete(serviceKey.id, now));
    await expect(insertAnother()).rejects.toThrow(/unique|duplicate/i);
    expect(await storage.stores.serviceKeys.count({}, 10)).toBe(0);

    const other = storedServiceKey();
    await insert(storage, other);
    const bytes = place.engine === 'sqlite' ? `x'${'ab'.repeat(32)}'` : `'\\x${'ab'.repeat(32)}'`;
    const current = `INSERT INTO service_key_secrets (sha256, service_key_id, created_at) VALUES (${bytes}, '${other.id}', 1)`;
    await expect(place.query(current)).rejects.toThrow(/unique|duplicate/i);
  });

  test('pages go both ways, newest first, of all or of one project', async () => {
    const storage = await (await createPlace()).open();
    const project = await storage.transaction((stores) => insertProject(stores));
    const serviceKeys = [1, 2, 2, 3, 4, 4].map((createdAt, index) =>
      storedServiceKey({ createdAt, projectId: index % 2 === 0 ? project.id : null }),
    );
    await insert(storage, ...serviceKeys);
    for (const filter of [{}, { projectIds: [project.id] }]) {
      const ids = serviceKeys
        .filter(({ projectId }) => filter.projectIds?.includes(projectId ?? '') ?? true)
        .map(({ id }) => id)
        .sort()
        .reverse();
      const at = (index: number): Position => ({ value: null, id: ids[index] ?? '' });
      const list = async (slice: Slice) =>
        (await storage.stores.serviceKeys.list(filter, slice)).map(({ id }) => id);
      expect(await list({ from: null, direction: 'next', limit: 2 })).toEqual(ids.slice(0, 2));
      expect(await list({ from: at(1), direction: 'next', limit: 9 })).toEqual(ids.slice(2));
      expect(await list({ from: at(2), direction: 'previous', limit: 9 })).toEqual([ids[1], ids[0]]);
      expect(await list({ from: at(0), direction: 'previous', limit: 9 })).toEqual([]);
      for (const max of [1, ids.length, 99]) {
        expect(await storage.stores.serviceKeys.count(filter, max)).toBe(Math.min(max, ids.length));
      }
    }
    for (const projectIds of [['prj_unknown'], []]) {
      expect(await storage.stores.serviceKeys.list({ projectIds }, all)).toEqual([]);
      expect(await storage.stores.serviceKeys.count({ projectIds }, 10)).toBe(0);
    }
  });
});

/** Inserts them with random secrets, which are answered. */
async function insert<Keys extends StoredServiceKey[]>(storage: Storage, ...serviceKeys: Keys) {
  const secrets = serviceKeys.map(() => randomHash());
  await storage.transaction(async (stores) => {
    for (const [index, serviceKey] of serviceKeys.entries()) {
      await stores.serviceKeys.insert(serviceKey, secrets[index] ?? randomHash());
    }
  });
  return secrets as { [Index in keyof Keys]: ReturnType<typeof randomHash> };
}

async function expectUnseen(
  storage: Storage,
  serviceKey: StoredServiceKey,
  secret: ReturnType<typeof randomHash>,
): Promise<void> {
  expect(await storage.transaction((stores) => stores.serviceKeys.lock(serviceKey.id))).toBeNull();
  expect(await storage.stores.serviceKeys.findBySecret(secret)).toBeNull();
  expect(await storage.stores.serviceKeys.listBootstrap()).toEqual([]);
  for (const filter of serviceKey.projectId === null ? [{}] : [{}, { projectIds: [serviceKey.projectId] }]) {
    expect(await storage.stores.serviceKeys.list(filter, all)).toEqual([]);
    expect(await storage.stores.serviceKeys.count(filter, 10)).toBe(0);
  }
}
