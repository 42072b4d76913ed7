import type { QuotaInput } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { type HeldBlock, type ReservationRequest, unusedQuota } from '../../src/keys/quota-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { createDatabase, forEachEngine } from '../support/engines.ts';
import { holdRows } from '../support/hold.ts';
import { epochMs, insertKey, insertProject } from '../support/records.ts';
import { untilBlocked } from '../support/waiting.ts';

const dayMs = 86_400_000;
const today = Date.UTC(2026, 0, 2);
const daily = (limit: number): QuotaInput => ({ limit, period: 'day' });

/** What is asked of the quotas of a storage, each in a transaction of its own. */
function quotasOf(storage: Storage) {
  return {
    make: (quota: QuotaInput | null) =>
      storage.transaction(async (stores) => {
        const { id: projectId } = await insertProject(stores);
        return insertKey(stores, { projectId, quota });
      }),
    reserve: (keyId: string, units: number, given: Partial<ReservationRequest> = {}) =>
      storage.transaction(({ quotas }) =>
        quotas.reserve({ keyId, least: units, wanted: units, now: epochMs, isSettled: true, ...given }),
      ),
    giveBack: (keyId: string, units: number, state: { periodStart: number; generation: number }) =>
      storage.transaction(({ quotas }) => quotas.giveBack([{ keyId, units, state: { used: 0, ...state } }])),
    restart: (keyId: string) => storage.transaction(({ quotas }) => quotas.restart(keyId)),
    stateOf: async (keyId: string) => (await storage.stores.keys.find(keyId, epochMs))?.quotaState,
  };
}

forEachEngine((createPlace) => {
  const open = async () => quotasOf(await (await createPlace()).open());

  describe('a reservation', () => {
    test('gets what it wants, then what is left, and nothing when that is less than the least', async () => {
      const { make, reserve, stateOf } = await open();
      const { id } = await make(daily(10));
      expect(await stateOf(id)).toEqual(unusedQuota);
      const answers = [];
      for (const [least, wanted] of [
        [1, 6],
        [1, 6],
        [1, 1],
        [0, 5],
        [0, 0],
      ] as const) {
        answers.push(await reserve(id, wanted, { least }));
      }
      expect(answers.map(({ granted }) => granted)).toEqual([6, 4, 0, 0, 0]);
      expect(answers.map(({ state }) => state.used)).toEqual([6, 10, 10, 10, 10]);
      expect(answers[0]).toEqual({
        quota: daily(10),
        granted: 6,
        state: { periodStart: today, used: 6, generation: 0 },
      });
      expect(await stateOf(id)).toEqual({ periodStart: today, used: 10, generation: 0 });
    });

    test('of one key takes nothing from another', async () => {
      const { make, reserve, stateOf } = await open();
      const [one, other] = [await make(daily(10)), await make(daily(10))];
      await reserve(one.id, 7);
      expect((await reserve(other.id, 10)).granted).toBe(10);
      expect(await stateOf(one.id)).toMatchObject({ used: 7 });
    });

    test('of a key without a quota, or that there is not, gets none and says so', async () => {
      const { make, reserve, stateOf } = await open();
      const { id } = await make(null);
      for (const keyId of [id, 'key_unknown']) {
        expect(await reserve(keyId, 1)).toEqual({ quota: null, granted: 0, state: unusedQuota });
      }
      expect(await stateOf(id)).toEqual(unusedQuota);
    });

    test('many at once never get more than there is, also at the very first', async () => {
      const { make, reserve, stateOf } = await open();
      const { id } = await make(daily(25));
      const answers = await Promise.all(Array.from({ length: 60 }, () => reserve(id, 1)));
      expect(answers.filter(({ granted }) => granted === 1)).toHaveLength(25);
      expect(await stateOf(id)).toMatchObject({ used: 25 });
    });

    test('in the next period begins with nothing used; in an earlier one it does not', async () => {
      const { make, reserve, stateOf } = await open();
      const { id } = await make(daily(10));
      await reserve(id, 10);
      const next = { periodStart: today + dayMs, used: 4, generation: 0 };
      expect(await reserve(id, 4, { now: today + dayMs })).toMatchObject({ granted: 4, state: next });
      expect(await reserve(id, 7, { now: epochMs })).toMatchObject({ granted: 0, state: next });
      expect(await stateOf(id)).toEqual(next);
    });

    test('in a period far ahead of a clock that was wrong counts in the present one, once the clock is settled', async () => {
      const { make, reserve, stateOf } = await open();
      const { id } = await make(daily(10));
      const wrong = { now: today + 3650 * dayMs, isSettled: false };
      expect(await reserve(id, 10, wrong)).toMatchObject({ granted: 10 });
      const far = { periodStart: wrong.now, used: 10, generation: 0 };
      expect(await reserve(id, 1, { isSettled: false })).toMatchObject({ granted: 0, state: far });
      expect(await stateOf(id)).toEqual(far);
      // Nobody gets a new quota by that, and the next one when it is due.
      expect(await reserve(id, 1)).toMatchObject({ granted: 0, state: { ...far, periodStart: today } });
      expect(await stateOf(id)).toEqual({ ...far, periodStart: today });
      expect(await reserve(id, 10, { now: today + dayMs })).toMatchObject({ granted: 10 });
    });

    test('right behind the border that a clock was set back over counts on until that period ends', async () => {
      const { make, reserve } = await open();
      const { id } = await make(daily(10));
      await reserve(id, 4, { now: today + dayMs });
      expect(await reserve(id, 7, { now: today + dayMs - 1 })).toMatchObject({ granted: 0 });
      expect(await reserve(id, 6, { now: today + dayMs - 1 })).toMatchObject({ granted: 6 });
      expect(await reserve(id, 1, { now: today + dayMs })).toMatchObject({ granted: 0 });
      expect(await reserve(id, 1, { now: today + 2 * dayMs })).toMatchObject({ granted: 1 });
    });

    test('of a limit that was lowered below what is used gets none', async () => {
      const place = await createPlace();
      const { make, reserve, stateOf } = quotasOf(await place.open());
      const { id } = await make(daily(10));
      await reserve(id, 8);
      await place.query(`UPDATE keys SET quota_limit = 5 WHERE id = '${id}'`);
      expect(await reserve(id, 1, { least: 0 })).toMatchObject({ quota: daily(5), granted: 0 });
      expect(await stateOf(id)).toMatchObject({ used: 8 });
    });

    test('holds the largest limit exactly', async () => {
      const { make, reserve } = await open();
      const limit = 1_000_000_000_000;
      const { id } = await make({ limit, period: 'total' });
      expect(await reserve(id, limit - 1)).toMatchObject({ granted: limit - 1 });
      expect(await reserve(id, 2, { least: 1 })).toMatchObject({ granted: 1, state: { used: limit } });
    });
  });

  describe('what is given back', () => {
    test('is free again, in one go for many keys', async () => {
      const storage = await (await createPlace()).open();
      const { make, reserve, stateOf } = quotasOf(storage);
      const keys = [await make(daily(10)), await make(daily(10)), await make(daily(10))];
      const blocks: HeldBlock[] = [];
      for (const { id: keyId } of keys) {
        const { granted, state } = await reserve(keyId, 8);
        blocks.push({ keyId, units: granted - 3, state });
      }
      await storage.transaction(({ quotas }) => quotas.giveBack(blocks.reverse()));
      for (const { id } of keys) expect(await stateOf(id)).toMatchObject({ used: 3 });
    });

    test('is worth nothing in another generation or period, nor when it is more than is used', async () => {
      const { make, reserve, giveBack, restart, stateOf } = await open();
      const { id } = await make(daily(10));
      const { state } = await reserve(id, 8);
      await giveBack(id, 1, { ...state, generation: 1 });
      await giveBack(id, 1, { ...state, periodStart: today - dayMs });
      await giveBack(id, 9, state);
      await giveBack('key_unknown', 1, state);
      expect(await stateOf(id)).toMatchObject({ used: 8 });
      await restart(id);
      await reserve(id, 5);
      await giveBack(id, 5, state);
      expect(await stateOf(id)).toEqual({ periodStart: today, used: 5, generation: 1 });
    });
  });

  test('a restart begins with nothing used and another generation, and leaves other keys alone', async () => {
    const { make, reserve, restart, stateOf } = await open();
    const [key, other] = [await make(daily(10)), await make(daily(10))];
    expect(await restart(key.id)).toEqual(unusedQuota);
    expect(await stateOf(key.id)).toEqual({ periodStart: 0, used: 0, generation: 1 });
    await reserve(key.id, 7);
    await reserve(other.id, 7);
    expect(await restart(key.id)).toEqual({ periodStart: today, used: 7, generation: 1 });
    expect(await stateOf(key.id)).toEqual({ periodStart: 0, used: 0, generation: 2 });
    expect(await stateOf(other.id)).toEqual({ periodStart: today, used: 7, generation: 0 });
  });
});

describe('on PostgreSQL', () => {
  const keyRow = (id: string) => `SELECT 1 FROM keys WHERE id = '${id}' FOR UPDATE`;
  const quotaRow = (id: string) => `SELECT 1 FROM key_quotas WHERE key_id = '${id}' FOR UPDATE`;

  test('a reservation that waited goes by the limit as it is when it got its turn', async () => {
    const place = await createDatabase();
    const { make, reserve } = quotasOf(await place.open());
    const { id } = await make(daily(10));
    await reserve(id, 1);
    const release = await holdRows(place, quotaRow(id));
    const reserving = reserve(id, 5);
    await untilBlocked(place);
    await place.query(`UPDATE keys SET quota_limit = 5 WHERE id = '${id}'`);
    await release();
    expect(await reserving).toMatchObject({ quota: daily(5), granted: 0 });
  });

  test('a reservation neither waits for a change of the key nor holds one up', async () => {
    const place = await createDatabase();
    const { make, reserve } = quotasOf(await place.open());
    const { id } = await make(daily(10));
    const release = await holdRows(place, keyRow(id));
    // The first one, which makes the row, and one that finds it.
    expect((await reserve(id, 1)).granted).toBe(1);
    expect((await reserve(id, 1)).granted).toBe(1);
    await release();
  });
});
