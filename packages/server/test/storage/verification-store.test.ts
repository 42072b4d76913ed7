import { expect, test } from 'vitest';
import type { SecretHash } from '../../src/keys/secret-format.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { LoadedKey } from '../../src/verification/verification-store.ts';
import { forEachEngine } from '../support/engines.ts';
import {
  awkwardTexts,
  epochMs,
  fullGateway,
  insertChannel,
  insertProject,
  newSecret,
  randomHash,
  storedKey,
  storedServiceKey,
} from '../support/records.ts';

const now = epochMs + 1000;

forEachEngine((createPlace) => {
  test('every field of a key is loaded as it went in', async () => {
    const storage = await (await createPlace()).open();
    const expected = await storage.transaction(async (stores) => {
      const { id: projectId } = await insertProject(stores);
      const { id: channelId } = await insertChannel(stores, { projectId });
      const loaded: LoadedKey[] = [];
      for (const [index, text] of awkwardTexts.entries()) {
        const key = storedKey({
          projectId,
          channelId: index % 2 === 0 ? channelId : null,
          ownerId: index % 2 === 0 ? text : null,
          name: text,
          format: index % 2 === 0 ? 'pair' : 'token',
          publicId: index % 2 === 0 ? `kw_pk_${index}` : null,
          status: (['active', 'inactive', 'revoked'] as const)[index % 3] ?? 'active',
          scopes: index % 2 === 0 ? ['a:b', 'c*'] : [],
          metadata: index % 2 === 0 ? { [text]: [null, text] } : {},
          rateLimits: index % 2 === 0 ? [{ name: 'burst', limit: 10, windowSeconds: 1 }] : [],
          quota: index % 3 === 0 ? { limit: 1_000_000_000_000, period: 'month' } : null,
          ipAllow: index % 2 === 0 ? ['10.0.0.0/8'] : [],
          expiresAt: index % 2 === 0 ? now : null,
        });
        const secret = newSecret();
        await stores.keys.insert(key, secret);
        const { description, createdAt, createdBy, updatedAt, revokedAt, revokedReason, ...about } = key;
        loaded.push({ ...about, hash: secret.hash, retiresAt: null });
      }
      return loaded;
    });
    for (const key of expected) expect(await storage.verification.loadKeys([key.hash])).toEqual([key]);
    const loaded = await storage.verification.loadKeys(expected.map(({ hash }) => hash));
    expect(new Set(loaded)).toEqual(new Set(expected));
  });

  test('of any number of hashes those that exist are loaded, each once', async () => {
    const storage = await (await createPlace()).open();
    const secrets = Array.from({ length: 20 }, () => newSecret());
    await storage.transaction(async (stores) => {
      const { id: projectId } = await insertProject(stores);
      for (const secret of secrets) await stores.keys.insert(storedKey({ projectId }), secret);
    });
    for (const count of [1, 2, 3, 7, 8, 9, 100, 3000]) {
      const known = secrets.slice(0, count).map(({ hash }) => hash);
      const unknown = Array.from({ length: count - known.length }, () => randomHash());
      const loaded = await storage.verification.loadKeys([...unknown, ...known]);
      expect(loaded.map(({ hash }) => hash).sort()).toEqual(known.sort());
      expect(await storage.verification.loadKeys(Array.from({ length: count }, () => randomHash()))).toEqual(
        [],
      );
    }
  });

  test('a secret is loaded with the moment at which it retires, also after it', async () => {
    const storage = await (await createPlace()).open();
    const [first, second] = [newSecret(), newSecret()];
    await storage.transaction(async (stores) => {
      const key = storedKey({ projectId: (await insertProject(stores)).id });
      await stores.keys.insert(key, first);
      await stores.keys.addSecret(key.id, second, now + 5, now);
    });
    expect(await storage.verification.loadKeys([first.hash])).toMatchObject([
      { hash: first.hash, retiresAt: now + 5 },
    ]);
    expect(await storage.verification.loadKeys([second.hash])).toMatchObject([
      { hash: second.hash, retiresAt: null },
    ]);
  });

  test('deleted keys and those of deleted projects are not loaded; revoked and expired ones are', async () => {
    const storage = await (await createPlace()).open();
    const secrets = {
      deleted: newSecret(),
      orphaned: newSecret(),
      revoked: newSecret(),
      expired: newSecret(),
    };
    await storage.transaction(async (stores) => {
      const [{ id: projectId }, doomed] = [await insertProject(stores), await insertProject(stores)];
      const deleted = storedKey({ projectId });
      await stores.keys.insert(deleted, secrets.deleted);
      await stores.keys.delete(deleted.id, now);
      await stores.keys.insert(storedKey({ projectId: doomed.id }), secrets.orphaned);
      await stores.projects.delete(doomed.id, now);
      await stores.keys.insert(storedKey({ projectId, status: 'revoked' }), secrets.revoked);
      await stores.keys.insert(storedKey({ projectId, expiresAt: 1 }), secrets.expired);
    });
    const load = async ({ hash }: { hash: SecretHash }) =>
      (await storage.verification.loadKeys([hash])).length;
    expect(await load(secrets.deleted)).toBe(0);
    expect(await load(secrets.orphaned)).toBe(0);
    expect(await load(secrets.revoked)).toBe(1);
    expect(await load(secrets.expired)).toBe(1);
    const all = await storage.verification.loadKeys(Object.values(secrets).map(({ hash }) => hash));
    expect(all).toHaveLength(2);
  });

  test('a load sees what was committed before it began', async () => {
    const storage = await (await createPlace()).open();
    const secret = newSecret();
    const key = await storage.transaction(async (stores) => {
      const inserted = storedKey({ projectId: (await insertProject(stores)).id });
      await stores.keys.insert(inserted, secret);
      return inserted;
    });
    const status = async () => (await storage.verification.loadKeys([secret.hash]))[0]?.status;
    for (const next of ['inactive', 'active', 'revoked'] as const) {
      await storage.transaction((stores) => stores.keys.update({ ...key, status: next }));
      expect(await status()).toBe(next);
    }
  });

  test('a channel is loaded by its id and by its slug, as long as it and its project exist', async () => {
    const storage = await (await createPlace()).open();
    const [channel, deleted, orphaned] = await insertChannels(storage);
    const load = async (idOrSlug: string) => storage.verification.loadChannel(idOrSlug);
    const { id, projectId, slug, upstream, gateway } = channel;
    expect(await load(id)).toEqual({ id, projectId, slug, upstream, gateway });
    expect(await load(slug)).toEqual({ id, projectId, slug, upstream, gateway });
    for (const gone of [deleted, orphaned]) {
      expect(await load(gone.id)).toBeNull();
      expect(await load(gone.slug)).toBeNull();
    }
    for (const unknown of ['', '%', 'chn_unknown', slug.toUpperCase(), `${slug} `])
      expect(await load(unknown)).toBeNull();

    await storage.transaction(({ channels }) => channels.update({ ...channel, slug: 'moved' }));
    expect(await load(slug)).toBeNull();
    expect(await load('moved')).toEqual({ id, projectId, slug: 'moved', upstream, gateway });
  });

  test('service keys are loaded by their current secret only', async () => {
    const storage = await (await createPlace()).open();
    const [first, second, third] = [randomHash(), randomHash(), randomHash()];
    const [kept, deleted, orphaned] = await storage.transaction(async (stores) => {
      const { id: projectId } = await insertProject(stores);
      const [instanceWide, ofProject, doomed] = [
        storedServiceKey({ scopes: ['verify', 'admin'], expiresAt: now, name: awkwardTexts[2] }),
        storedServiceKey(),
        storedServiceKey({ projectId }),
      ];
      await stores.serviceKeys.insert(instanceWide, first);
      await stores.serviceKeys.insert(ofProject, second);
      await stores.serviceKeys.insert(doomed, third);
      return [instanceWide, ofProject, doomed] as const;
    });
    const load = async (...hashes: SecretHash[]) => storage.verification.loadServiceKeys(hashes);
    expect(await load(first)).toEqual([
      { hash: first, id: kept.id, name: kept.name, projectId: null, scopes: kept.scopes, expiresAt: now },
    ]);
    expect(new Set((await load(first, second, third, randomHash())).map(({ id }) => id))).toEqual(
      new Set([kept.id, deleted.id, orphaned.id]),
    );

    const replaced = randomHash();
    await storage.transaction(async (stores) => {
      await stores.serviceKeys.replaceSecret(kept.id, replaced, 'kws_…', now);
      await stores.serviceKeys.delete(deleted.id, now);
      await stores.projects.delete(orphaned.projectId ?? '', now);
    });
    for (const gone of [first, second, third]) expect(await load(gone)).toEqual([]);
    expect((await load(first, second, third, replaced)).map(({ id }) => id)).toEqual([kept.id]);
  });
});

async function insertChannels(storage: Storage) {
  return storage.transaction(async (stores) => {
    const [{ id: projectId }, doomed] = [await insertProject(stores), await insertProject(stores)];
    const channel = await insertChannel(stores, {
      projectId,
      upstream: 'https://api.example.com/v1',
      gateway: fullGateway,
    });
    const deleted = await insertChannel(stores, { projectId });
    await stores.channels.delete(deleted.id, now);
    const orphaned = await insertChannel(stores, { projectId: doomed.id });
    await stores.projects.delete(doomed.id, now);
    return [channel, deleted, orphaned] as const;
  });
}
