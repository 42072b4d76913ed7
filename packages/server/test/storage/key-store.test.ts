import { expect, test } from 'vitest';
import type { Stores } from '../../src/domain/context.ts';
import type { Slice } from '../../src/domain/paginate.ts';
import type { StoredKey } from '../../src/keys/key-store.ts';
import { unusedQuota } from '../../src/keys/quota-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { decide } from '../../src/verification/decide.ts';
import { VerificationRecord } from '../../src/verification/verification-record.ts';
import { forEachEngine } from '../support/engines.ts';
import {
  awkwardTexts,
  epochMs,
  insertChannel,
  insertKey,
  insertProject,
  newSecret,
  randomHash,
  storedKey,
} from '../support/records.ts';

const now = epochMs + 1000;
const all: Slice = { from: null, direction: 'next', limit: 100 };
const beside = { display: 'kw_abcd…wxyz', previous: null, quotaState: unusedQuota, lastUse: null };

forEachEngine((createPlace) => {
  test('every field of a key comes back as it went in', async () => {
    const storage = await (await createPlace()).open();
    const { projectId, channelId } = await insertPlace(storage);
    const keys = awkwardTexts.map((text, index) =>
      storedKey({
        projectId,
        channelId: index % 2 === 0 ? channelId : null,
        ownerId: index % 3 === 0 ? null : text,
        name: text,
        description: index % 2 === 0 ? `${text}\n\tsecond line` : null,
        format: index % 2 === 0 ? 'pair' : 'token',
        publicId: index % 2 === 0 ? `kw_pk_${index}` : null,
        status: (['active', 'inactive', 'revoked'] as const)[index % 3] ?? 'active',
        scopes: index % 2 === 0 ? ['maps:read', 'a*'] : [],
        metadata: index % 2 === 0 ? { [text]: [text, 1.5, true, null, { nested: [] }] } : {},
        rateLimits: index % 2 === 0 ? [{ name: 'a', limit: 1_000_000_000, windowSeconds: 60 }] : [],
        quota: index % 3 === 0 ? { limit: 1_000_000_000_000, period: 'month' } : null,
        ipAllow: index % 2 === 0 ? ['10.0.0.0/8', '2001:db8::/32'] : [],
        expiresAt: index % 2 === 0 ? now + 1 : null,
        createdAt: epochMs + index,
        createdBy: `svc_${index}`,
        updatedAt: epochMs + index + 1,
        revokedAt: index % 3 === 2 ? epochMs + 7 : null,
        revokedReason: index % 3 === 2 ? text : null,
      }),
    );
    await storage.transaction(async (stores) => {
      for (const key of keys) await stores.keys.insert(key, newSecret());
    });
    for (const key of keys) {
      expect(await storage.stores.keys.find(key.id, now)).toEqual({ ...key, ...beside });
      expect(await storage.transaction((stores) => stores.keys.lock(key.id))).toEqual(key);
    }
    expect(await storage.stores.keys.list({ projectId }, 'createdAt', all, now)).toEqual(
      keys.map((key) => ({ ...key, ...beside })),
    );
  });

  test('that is refused as the last thing of a change undoes the change, says why, and harms no other', async () => {
    const storage = await (await createPlace()).open();
    const { projectId } = await insertPlace(storage);
    const [first, second, third] = [1, 2, 3].map(() => storedKey({ projectId })) as [
      StoredKey,
      StoredKey,
      StoredKey,
    ];
    const secret = newSecret();
    const twice = storage.transaction(async (stores) => {
      await stores.keys.insert(first, secret);
      await stores.keys.insert(second, secret);
      return 'done';
    });
    await expect(twice).rejects.toThrow(/unique/i);
    expect(await storage.stores.keys.find(first.id, now)).toBeNull();
    const inTheMiddle = storage.transaction(async (stores) => {
      await stores.keys.insert(first, secret);
      await stores.keys.insert(second, secret);
      await stores.keys.find(second.id, now);
    });
    await expect(inTheMiddle).rejects.toThrow(/unique/i);
    await storage.transaction((stores) => stores.keys.insert(third, secret));
    expect(await storage.stores.keys.find(third.id, now)).toMatchObject({ id: third.id });
  });

  test('an update changes every field of the one key, and leaves its secret and its place alone', async () => {
    const storage = await (await createPlace()).open();
    const { projectId, channelId } = await insertPlace(storage);
    const [key, other] = await insertKeys(storage, { projectId, channelId }, { projectId });
    const update: StoredKey = {
      ...key,
      ownerId: 'new-owner',
      name: 'New name',
      description: 'New description',
      status: 'revoked',
      scopes: ['x'],
      metadata: { x: 1 },
      rateLimits: [{ name: 'x', limit: 1, windowSeconds: 1 }],
      quota: { limit: 1, period: 'total' },
      ipAllow: ['::1'],
      expiresAt: now + 5,
      updatedAt: now,
      revokedAt: now,
      revokedReason: 'leaked',
    };
    await storage.transaction((stores) => stores.keys.update(update));
    expect(await storage.stores.keys.find(key.id, now)).toEqual({ ...update, ...beside });
    expect(await storage.stores.keys.find(other.id, now)).toEqual({ ...other, ...beside });
    for (const search of ['new NAME', 'new desc', 'NEW-owner']) {
      expect(await storage.stores.keys.count({ projectId, search }, 10, now)).toBe(1);
    }
  });

  test('a deleted key is seen through nothing, and an update does not bring it back', async () => {
    const storage = await (await createPlace()).open();
    const { projectId, channelId } = await insertPlace(storage);
    const place = { projectId, channelId, ownerId: 'o' };
    const keys = await insertKeys(
      storage,
      { ...place, name: 'Key 1' },
      { ...place, name: 'Key 2', expiresAt: epochMs },
    );
    await storage.transaction(async (stores) => {
      for (const key of keys) await stores.keys.delete(key.id, now);
      for (const key of keys) await stores.keys.update({ ...key, updatedAt: now });
    });
    await inBoth(storage, async (stores) => {
      for (const key of keys) {
        expect(await stores.keys.find(key.id, now)).toBeNull();
        expect(await stores.keys.isNameTaken(projectId, 'o', key.name, null)).toBe(false);
      }
      expect(await stores.keys.list({ projectId }, '-createdAt', all, now)).toEqual([]);
      expect(await stores.keys.count({ projectId }, 10, now)).toBe(0);
      expect(await stores.keys.countCounting(place, now)).toBe(0);
      expect(await stores.keys.namesLike(projectId, 'o', 'Key ', 100)).toEqual([]);
      expect(await stores.keys.countBoundToChannel(channelId, 10, now)).toBe(0);
      expect(await stores.keys.lockExpiredOfChannel(channelId, now)).toEqual([]);
    });
    for (const key of keys)
      expect(await storage.transaction((stores) => stores.keys.lock(key.id))).toBeNull();
  });

  test('a key of a deleted project is not found', async () => {
    const storage = await (await createPlace()).open();
    const { projectId } = await insertPlace(storage);
    const [key] = await insertKeys(storage, { projectId });
    await storage.transaction((stores) => stores.projects.delete(projectId, now));
    await inBoth(storage, async ({ keys }) => expect(await keys.find(key.id, now)).toBeNull());
  });

  test('an unknown key is null', async () => {
    const storage = await (await createPlace()).open();
    expect(await storage.stores.keys.find('key_unknown', now)).toBeNull();
    expect(await storage.transaction(({ keys }) => keys.lock('key_unknown'))).toBeNull();
  });

  test('a hash is taken for good: by a current, a retired and a deleted secret', async () => {
    const storage = await (await createPlace()).open();
    const { projectId } = await insertPlace(storage);
    const [first, second] = [newSecret(), newSecret()];
    const key = storedKey({ projectId });
    await storage.transaction(async ({ keys }) => {
      await keys.insert(key, first);
      await keys.addSecret(key.id, second, now, now);
    });
    const insertAnother = (hash = first.hash) =>
      storage.transaction(({ keys }) => keys.insert(storedKey({ projectId }), newSecret({ hash })));
    await expect(insertAnother(first.hash)).rejects.toThrow(/unique|duplicate/i);
    await expect(insertAnother(second.hash)).rejects.toThrow(/unique|duplicate/i);
    const again = storage.transaction(({ keys }) =>
      keys.addSecret(key.id, newSecret({ hash: first.hash }), now, now),
    );
    await expect(again).rejects.toThrow(/unique|duplicate/i);
    await storage.transaction(({ keys }) => keys.delete(key.id, now));
    await expect(insertAnother(second.hash)).rejects.toThrow(/unique|duplicate/i);
    expect(await storage.stores.keys.count({ projectId }, 10, now)).toBe(0);
  });

  test('the database itself refuses a second current secret of a key', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const { projectId } = await insertPlace(storage);
    const [key] = await insertKeys(storage, { projectId });
    const bytes = place.engine === 'sqlite' ? `x'${'ab'.repeat(32)}'` : `'\\x${'ab'.repeat(32)}'`;
    const insert = (retiresAt: string) =>
      place.query(
        `INSERT INTO secrets (sha256, key_id, created_at, retires_at) VALUES (${bytes}, '${key.id}', 1, ${retiresAt})`,
      );
    await expect(insert('NULL')).rejects.toThrow(/unique|duplicate/i);
    await insert('1');
  });

  test('a new secret lets the one before work on, and ends the one before that', async () => {
    const storage = await (await createPlace()).open();
    const { projectId } = await insertPlace(storage);
    const secrets = ['first', 'second', 'third'].map((display) => newSecret({ display }));
    const [first, second, third] = secrets;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('three secrets were made');
    const key = storedKey({ projectId });
    await storage.transaction(async ({ keys }) => {
      await keys.insert(key, first);
      await keys.addSecret(key.id, second, now + 1000, now);
    });
    const find = (at: number) => storage.stores.keys.find(key.id, at);
    const overlap = { display: 'first', retiresAt: now + 1000, lastUsedAt: null };
    expect(await find(now)).toEqual({ ...key, ...beside, display: 'second', previous: overlap });
    expect(await find(now + 999)).toMatchObject({ previous: overlap });
    expect(await find(now + 1000)).toMatchObject({ display: 'second', previous: null });

    await storage.transaction(({ keys }) => keys.addSecret(key.id, third, now + 3000, now + 500));
    expect(await find(now + 500)).toMatchObject({
      display: 'third',
      previous: { display: 'second', retiresAt: now + 3000 },
    });
    const loaded = await storage.verification.loadKeys(secrets.map(({ hash }) => hash));
    expect(Object.fromEntries(loaded.map(({ hash, retiresAt }) => [hash, retiresAt]))).toEqual({
      [first.hash]: -(now + 500),
      [second.hash]: now + 3000,
      [third.hash]: null,
    });
  });

  test('the overlap of a rotation is ended once, and only while it lasts', async () => {
    const storage = await (await createPlace()).open();
    const { projectId } = await insertPlace(storage);
    const [key, other] = await insertKeys(storage, { projectId }, { projectId });
    const retire = (at: number) => storage.transaction(({ keys }) => keys.retirePrevious(key.id, at));
    expect(await retire(now)).toBe(false);
    await storage.transaction(async ({ keys }) => {
      await keys.addSecret(key.id, newSecret(), now + 1000, now);
      await keys.addSecret(other.id, newSecret(), now + 1000, now);
    });
    expect(await retire(now + 1000)).toBe(false);
    expect(await retire(now + 1)).toBe(true);
    expect(await retire(now + 1)).toBe(false);
    expect(await storage.stores.keys.find(key.id, now + 1)).toMatchObject({ previous: null });
    expect(await storage.stores.keys.find(other.id, now + 1)).toMatchObject({
      previous: { retiresAt: now + 1000 },
    });
  });

  test('what a change ended is over also by a clock that is set back; what ends by itself goes by the clock', async () => {
    const storage = await (await createPlace()).open();
    const { projectId } = await insertPlace(storage);
    const key = storedKey({ projectId });
    const [first, second, third, fourth] = [newSecret(), newSecret(), newSecret(), newSecret()];
    await storage.transaction(async ({ keys }) => {
      await keys.insert(key, first);
      await keys.addSecret(key.id, second, now, now);
      await keys.addSecret(key.id, third, now + 1000, now);
      await keys.retirePrevious(key.id, now + 500);
      await keys.addSecret(key.id, fourth, now + 1000, now + 600);
    });
    const codeOf = async ({ hash }: typeof first, at: number) => {
      const [loaded] = await storage.verification.loadKeys([hash]);
      if (loaded === undefined) throw new Error('the secret is there');
      return decide(new VerificationRecord(loaded, null, null), { channel: null, ip: null, scopes: [] }, at);
    };
    for (const at of [now - 3_600_000, now, now + 2000]) {
      expect(await codeOf(first, at)).toBe('revoked');
      expect(await codeOf(second, at)).toBe('revoked');
      expect(await storage.stores.keys.findBySecret(first.hash)).toMatchObject({ retiresAt: -now });
      expect(await storage.transaction(({ keys }) => keys.find(key.id, at))).toMatchObject({
        previous: at < now + 1000 ? { retiresAt: now + 1000 } : null,
      });
    }
    expect(await codeOf(third, now - 3_600_000)).toBe('valid');
    expect(await codeOf(third, now + 1000)).toBe('revoked');
  });

  test('what counts towards a limit: active and inactive keys of the owner in the one place', async () => {
    const storage = await (await createPlace()).open();
    const { projectId, channelId, strangerId } = await insertPlace(storage);
    const inProject = { projectId, ownerId: 'o' };
    const inChannel = { projectId, channelId, ownerId: 'o' };
    await insertKeys(
      storage,
      inProject,
      { ...inProject, status: 'inactive' },
      { ...inProject, expiresAt: now + 1 },
      { ...inProject, expiresAt: now },
      { ...inProject, status: 'inactive', expiresAt: now - 1 },
      { ...inProject, status: 'revoked' },
      { ...inProject, status: 'revoked', expiresAt: now + 1 },
      { projectId, ownerId: 'O' },
      { projectId, ownerId: 'o ' },
      { projectId, ownerId: null },
      { projectId: strangerId, ownerId: 'o' },
      inChannel,
      { ...inChannel, status: 'inactive' },
      { ...inChannel, expiresAt: now },
    );
    const count = (channel: string | null) =>
      storage.transaction(({ keys }) =>
        keys.countCounting({ projectId, channelId: channel, ownerId: 'o' }, now),
      );
    expect(await count(null)).toBe(3);
    expect(await count(channelId)).toBe(2);
    expect(await count('chn_unknown')).toBe(0);
  });

  test('a name is taken by the exact same name of a key of the owner that is neither revoked nor deleted', async () => {
    const storage = await (await createPlace()).open();
    const { projectId, channelId, strangerId } = await insertPlace(storage);
    const [active] = await insertKeys(
      storage,
      { projectId, ownerId: 'o', name: 'Active' },
      { projectId, ownerId: 'o', name: 'Inactive', status: 'inactive' },
      { projectId, ownerId: 'o', name: 'Expired', expiresAt: epochMs },
      { projectId, ownerId: 'o', name: 'Revoked', status: 'revoked' },
      { projectId, ownerId: 'o', name: 'Bound', channelId },
      { projectId, ownerId: 'o', name: 'caf\u00e9' },
      { projectId, ownerId: 'p', name: 'Of p' },
      { projectId, ownerId: null, name: 'Of nobody' },
      { projectId: strangerId, ownerId: 'o', name: 'Elsewhere' },
    );
    const taken = (name: string, exceptId: string | null = null) =>
      storage.transaction(({ keys }) => keys.isNameTaken(projectId, 'o', name, exceptId));
    for (const name of ['Active', 'Inactive', 'Expired', 'Bound', 'caf\u00e9'])
      expect(await taken(name)).toBe(true);
    const free = [
      'Revoked',
      'Of p',
      'Of nobody',
      'Elsewhere',
      'active',
      'Active ',
      'cafe\u0301',
      '%',
      'A_tive',
      '',
    ];
    for (const name of free) expect(await taken(name)).toBe(false);
    expect(await taken('Active', active.id)).toBe(false);
    expect(await taken('Inactive', active.id)).toBe(true);
  });

  test('default names are looked up by their beginning, for an owner or for nobody', async () => {
    const storage = await (await createPlace()).open();
    const { projectId, strangerId } = await insertPlace(storage);
    await insertKeys(
      storage,
      { projectId, ownerId: 'o', name: 'Key 1' },
      { projectId, ownerId: 'o', name: 'Key 2', status: 'inactive' },
      { projectId, ownerId: 'o', name: 'Key 3', status: 'revoked' },
      { projectId, ownerId: 'o', name: 'Key 4', expiresAt: epochMs },
      { projectId, ownerId: 'o', name: 'key 5' },
      { projectId, ownerId: 'o', name: 'Keys' },
      { projectId, ownerId: null, name: 'Key 6' },
      { projectId: strangerId, ownerId: 'o', name: 'Key 7' },
    );
    const names = async (ownerId: string | null, limit = 100) =>
      (await storage.transaction(({ keys }) => keys.namesLike(projectId, ownerId, 'Key ', limit))).sort();
    expect(await names('o')).toEqual(['Key 1', 'Key 2', 'Key 4']);
    expect(await names(null)).toEqual(['Key 6']);
    expect(await names('p')).toEqual([]);
    expect(await names('o', 2)).toHaveLength(2);
  });

  test('the keys of a channel fall into those that count, those that are expired, and the rest', async () => {
    const storage = await (await createPlace()).open();
    const { projectId, channelId } = await insertPlace(storage);
    const keys = await insertKeys(
      storage,
      { projectId, channelId, expiresAt: now },
      { projectId, channelId, expiresAt: now - 1, status: 'inactive', ownerId: 'o' },
      { projectId, channelId, expiresAt: now + 1 },
      { projectId, channelId, status: 'inactive' },
      { projectId, channelId, status: 'revoked', expiresAt: now - 1 },
      { projectId, expiresAt: now },
    );
    await storage.transaction(async (stores) => {
      expect(await stores.keys.countBoundToChannel(channelId, 10, now)).toBe(2);
      expect(await stores.keys.countBoundToChannel(channelId, 1, now)).toBe(1);
      const expired = await stores.keys.lockExpiredOfChannel(channelId, now);
      expect(new Set(expired)).toEqual(new Set(keys.slice(0, 2)));
      expect(await stores.keys.countBoundToChannel('chn_unknown', 10, now)).toBe(0);
      expect(await stores.keys.lockExpiredOfChannel('chn_unknown', now)).toEqual([]);
    });
  });

  test('the last use stands beside the key', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const { projectId } = await insertPlace(storage);
    const [used, bare, unused] = await insertKeys(storage, { projectId }, { projectId }, { projectId });
    await place.query(
      `INSERT INTO key_last_use (key_id, project_id, at, ip, user_agent)
       VALUES ('${used.id}', '${projectId}', ${now}, '2001:db8::1', 'curl/8 🗝️'), ('${bare?.id}', '${projectId}', 1, NULL, NULL)`,
    );
    const find = async (id = '') => (await storage.stores.keys.find(id, now))?.lastUse;
    expect(await find(used.id)).toEqual({ at: now, ip: '2001:db8::1', userAgent: 'curl/8 🗝️' });
    expect(await find(bare?.id)).toEqual({ at: 1, ip: null, userAgent: null });
    expect(await find(unused?.id)).toBeNull();
  });

  test('a secret without a display, as of an import, is shown as null', async () => {
    const storage = await (await createPlace()).open();
    const { projectId } = await insertPlace(storage);
    const key = storedKey({ projectId });
    await storage.transaction(async ({ keys }) => {
      await keys.insert(key, newSecret({ display: null }));
      await keys.addSecret(key.id, { hash: randomHash(), display: null, createdAt: now }, now + 1, now);
    });
    const found = await storage.stores.keys.find(key.id, now);
    expect(found).toMatchObject({ display: null, previous: { display: null, retiresAt: now + 1 } });
  });

  test('a key without its project, or with a status that there is none of, is refused', async () => {
    const storage = await (await createPlace()).open();
    const { projectId } = await insertPlace(storage);
    const insert = (fields: Parameters<typeof storedKey>[0]) =>
      storage.transaction((stores) => insertKey(stores, fields));
    await expect(insert({ projectId: 'prj_unknown' })).rejects.toThrow(/foreign key/i);
    await expect(insert({ projectId, channelId: 'chn_unknown' })).rejects.toThrow(/foreign key/i);
    await expect(insert({ projectId, status: 'expired' as 'active' })).rejects.toThrow(/check/i);
  });
});

interface KeyPlace {
  projectId: string;
  channelId: string;
  /** Another project. */
  strangerId: string;
}

function insertPlace(storage: Storage): Promise<KeyPlace> {
  return storage.transaction(async (stores) => {
    const project = await insertProject(stores);
    const channel = await insertChannel(stores, { projectId: project.id });
    return { projectId: project.id, channelId: channel.id, strangerId: (await insertProject(stores)).id };
  });
}

type KeyFields = Parameters<typeof storedKey>[0];

function insertKeys<Rest extends KeyFields[]>(
  storage: Storage,
  first: KeyFields,
  ...rest: Rest
): Promise<[StoredKey, ...{ [Index in keyof Rest]: StoredKey }]> {
  return storage.transaction(async (stores) => {
    const keys: StoredKey[] = [];
    for (const fields of [first, ...rest]) keys.push(await insertKey(stores, fields));
    return keys as [StoredKey, ...{ [Index in keyof Rest]: StoredKey }];
  });
}

/** The same reads inside of a transaction and outside. */
async function inBoth(storage: Storage, read: (stores: Stores) => Promise<void>): Promise<void> {
  await read(storage.stores);
  await storage.transaction(read);
}
