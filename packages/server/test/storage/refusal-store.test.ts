import { verifyCodes, verifyDoors } from '@keywright/contract';
import { expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import type { StoredKey } from '../../src/keys/key-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { RefusalFilter, RefusalSlice } from '../../src/usage/refusal-store.ts';
import { UsageUpkeep } from '../../src/usage/usage-upkeep.ts';
import type { MeteredRefusal } from '../../src/verification/usage-meter.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { awkwardTexts, epochMs, insertChannel, insertKey, insertProject } from '../support/records.ts';

const dayMs = 24 * 3_600_000;

forEachEngine((createPlace) => {
  test('every field of a refusal comes back as it went in, with the name of its key, also when that is deleted', async () => {
    const storage = await (await createPlace()).open();
    const { id: projectId } = await storage.transaction((stores) => insertProject(stores));
    const keys: StoredKey[] = [];
    for (const name of awkwardTexts) {
      keys.push(await storage.transaction((stores) => insertKey(stores, { projectId, name })));
    }
    const refusals = keys.map(({ id }, i) =>
      refusal({
        requestId: `req_${i}`,
        at: epochMs + i,
        code: verifyCodes[i] ?? 'expired',
        door: verifyDoors[i] ?? 'verify',
        projectId,
        keyId: id,
        channel: i % 2 ? 'maps' : null,
        scopes: i % 2 ? ['a', 'b:*'] : [],
        ip: i % 3 ? '2001:db8::1' : null,
        userAgent: awkwardTexts[i] ?? null,
        cost: i % 2 ? i : null,
      }),
    );
    await insert(storage, ...refusals);
    await storage.transaction((stores) => stores.keys.delete(keys[0]?.id ?? '', epochMs));
    for (const [i, { keyId, ...rest }] of refusals.entries()) {
      const found = await storage.stores.refusals.find({ requestId: `req_${i}`, since: 0 });
      expect(found).toEqual({ ...rest, id: expect.any(Number), key: { id: keyId, name: awkwardTexts[i] } });
    }
  });

  test('is found by its id in its project, for its key’s owner, and as long as it is young', async () => {
    const storage = await (await createPlace()).open();
    const { id: projectId } = await storage.transaction((stores) => insertProject(stores));
    const key = await storage.transaction((stores) => insertKey(stores, { projectId, ownerId: 'acc_a' }));
    await insert(
      storage,
      refusal({ requestId: 'one', projectId, keyId: key.id }),
      refusal({ requestId: 'keyless', projectId }),
      refusal({ requestId: 'nobodys' }),
    );
    const find = async (query: object) =>
      (await storage.stores.refusals.find({ requestId: 'one', since: epochMs, ...query })) !== null;
    expect(await find({})).toBe(true);
    expect(await find({ projectId })).toBe(true);
    expect(await find({ projectId, ownerId: 'acc_a' })).toBe(true);
    expect(await find({ projectId, ownerId: 'acc_b' })).toBe(false);
    expect(await find({ projectId: newId('project', 1) })).toBe(false);
    expect(await find({ since: epochMs + 1 })).toBe(false);
    expect(await find({ requestId: 'ONE' })).toBe(false);
    expect(await find({ requestId: 'keyless', projectId })).toBe(true);
    expect(await find({ requestId: 'keyless', projectId, ownerId: 'acc_a' })).toBe(false);
    expect(await find({ requestId: 'nobodys' })).toBe(true);
    expect(await find({ requestId: 'nobodys', projectId })).toBe(false);
  });

  test('the last of an id is found: by time, and of one time by when it was written', async () => {
    const storage = await (await createPlace()).open();
    const costs = [
      [5, 1],
      [9, 2],
      [9, 3],
      [7, 4],
    ] as const;
    await insert(storage, ...costs.map(([at, cost]) => refusal({ requestId: 'x', at: epochMs + at, cost })));
    expect(await storage.stores.refusals.find({ requestId: 'x', since: 0 })).toMatchObject({ cost: 3 });
  });

  test('a list is of its project, its key, its owner, its channel and its code, the last one first', async () => {
    const storage = await (await createPlace()).open();
    const [{ id: projectId }, { id: otherId }] = [
      await storage.transaction((stores) => insertProject(stores)),
      await storage.transaction((stores) => insertProject(stores)),
    ];
    const [ann, bob] = ['acc_a', 'acc_b'] as const;
    const make = (ownerId: string) =>
      storage.transaction((stores) => insertKey(stores, { projectId, ownerId }));
    const [one, two, bobs] = [await make(ann), await make(ann), await make(bob)];
    const channel = await storage.transaction((stores) => insertChannel(stores, { projectId, slug: 'maps' }));
    const foreign = await storage.transaction((stores) =>
      insertChannel(stores, { projectId: otherId, slug: 'other' }),
    );
    const at = (ms: number, fields: Partial<MeteredRefusal>) =>
      refusal({ requestId: `req_${ms}`, at: epochMs + ms, projectId, code: 'expired', ...fields });
    await insert(
      storage,
      at(5, { keyId: one.id, channel: 'maps' }),
      at(1, { keyId: two.id, channel: channel.id }),
      at(3, { keyId: bobs.id, channel: 'other', code: 'wrong_channel' }),
      at(4, { code: 'not_found', channel: foreign.id }),
      at(2, { keyId: one.id, code: 'inactive' }),
      at(9, { projectId: otherId, keyId: one.id }),
      at(8, { projectId: null }),
    );
    await storage.transaction((stores) => stores.keys.delete(two.id, epochMs));
    const list = async (filter: Partial<RefusalFilter>) => {
      const query = { projectId, since: epochMs, ...filter };
      const slice = { from: null, direction: 'next', limit: 10 } as const;
      const found = await storage.stores.refusals.list(query, slice);
      expect(await storage.stores.refusals.count(query, 10)).toBe(found.length);
      expect(await storage.stores.refusals.count(query, 1)).toBe(Math.min(1, found.length));
      return found.map(({ requestId }) => Number(requestId.slice(4)));
    };
    expect(await list({})).toEqual([5, 4, 3, 2, 1]);
    expect(await list({ since: epochMs + 3 })).toEqual([5, 4, 3]);
    expect(await list({ keyId: one.id })).toEqual([5, 2]);
    expect(await list({ ownerId: ann })).toEqual([5, 2, 1]);
    expect(await list({ ownerId: ann, keyId: two.id })).toEqual([1]);
    expect(await list({ ownerId: ann, keyId: bobs.id })).toEqual([]);
    expect(await list({ ownerId: ann, channel: 'maps', code: 'expired' })).toEqual([5, 1]);
    expect(await list({ code: 'expired' })).toEqual([5, 1]);
    for (const name of ['maps', channel.id]) expect(await list({ channel: name })).toEqual([5, 1]);
    // Another project's channel has but the name that was asked for.
    expect(await list({ channel: 'other' })).toEqual([3]);
    expect(await list({ channel: foreign.id })).toEqual([4]);
    expect(await list({ projectId: otherId })).toEqual([9]);
    expect(await list({ projectId: otherId, ownerId: ann })).toEqual([]);
    expect(await list({ channel: "' or 1=1 --" })).toEqual([]);
  });

  test('a list goes on from any place both ways, also among those of one time', async () => {
    const storage = await (await createPlace()).open();
    const { id: projectId } = await storage.transaction((stores) => insertProject(stores));
    const times = [3, 1, 1, 1, 2, 0];
    await insert(
      storage,
      ...times.map((ms, cost) => refusal({ requestId: `req_${cost}`, projectId, at: epochMs + ms, cost })),
    );
    const read = (from: RefusalSlice['from'], direction: RefusalSlice['direction']) =>
      storage.stores.refusals.list({ projectId, since: 0 }, { from, direction, limit: 2 });
    const walk = async (direction: RefusalSlice['direction']) => {
      const seen: (number | null)[] = [];
      let from: RefusalSlice['from'] = null;
      for (let page = await read(from, direction); page.length > 0; page = await read(from, direction)) {
        seen.push(...page.map(({ cost }) => cost));
        from = page.at(-1) ?? null;
      }
      return seen;
    };
    expect(await walk('next')).toEqual([0, 4, 3, 2, 1, 5]);
    expect(await walk('previous')).toEqual([5, 1, 2, 3, 4, 0]);
  });

  test('is gone after a day', async () => {
    const place = await createPlace();
    const storage = await place.open();
    await insert(storage, ...[0, 1, 2].map((at) => refusal({ requestId: `req_${at}`, at: epochMs + at })));
    const runAt = (now: number) => {
      const log = { info() {}, warn() {} };
      return new UsageUpkeep({
        transaction: storage.transaction,
        clock: { now: () => now, isSettled: () => true },
        log,
      }).run();
    };
    await runAt(epochMs + dayMs);
    expect(await count(place)).toBe(3);
    await runAt(epochMs + dayMs + 2);
    expect(await count(place)).toBe(1);
    expect(await storage.stores.refusals.find({ requestId: 'req_2', since: 0 })).not.toBeNull();
  });

  test('the oldest are forgotten when there are too many, a few at a time', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const all = Array.from({ length: 25 }, (_, i) => refusal({ requestId: `req_${i}`, at: epochMs + i }));
    await insert(storage, ...all);
    const forget = (limit: number) =>
      storage.transaction(({ refusals }) => refusals.forget({ before: 0, max: 10 }, limit));
    expect(await forget(6)).toBe(6);
    expect(await count(place)).toBe(19);
    expect(await forget(100)).toBe(9);
    expect(await forget(100)).toBe(0);
    const find = (requestId: string) => storage.stores.refusals.find({ requestId, since: 0 });
    expect(await find('req_14')).toBeNull();
    expect(await find('req_15')).not.toBeNull();
    expect(await count(place)).toBe(10);
  });
});

function refusal(fields: Partial<MeteredRefusal>): MeteredRefusal {
  return {
    requestId: 'req_1',
    at: epochMs,
    door: 'verify',
    code: 'not_found',
    projectId: null,
    keyId: null,
    channel: null,
    scopes: [],
    ip: null,
    userAgent: null,
    cost: null,
    request: null,
    ...fields,
  };
}

function insert(storage: Storage, ...list: MeteredRefusal[]): Promise<void> {
  return storage.transaction(({ refusals }) => refusals.insert(list));
}

async function count(place: Place): Promise<number> {
  const [row] = await place.query<{ count: number }>('SELECT count(*) AS count FROM refusals');
  return Number(row?.count);
}
