import { expect, test } from 'vitest';
import { unusedQuota } from '../../src/keys/quota-store.ts';
import { forEachEngine } from '../support/engines.ts';
import { epochMs, insertKey, insertProject } from '../support/records.ts';

forEachEngine((createPlace) => {
  test('a restart begins with nothing used and another generation, and leaves other keys alone', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const [key, other] = await storage.transaction(async (stores) => {
      const { id: projectId } = await insertProject(stores);
      const quota = { limit: 10, period: 'day' } as const;
      return [await insertKey(stores, { projectId, quota }), await insertKey(stores, { projectId, quota })];
    });
    const stateOf = async ({ id }: { id: string }) =>
      (await storage.stores.keys.find(id, epochMs))?.quotaState;
    const restart = () => storage.transaction(({ quotas }) => quotas.restart(key.id));
    expect(await stateOf(key)).toEqual(unusedQuota);
    expect(await restart()).toEqual(unusedQuota);
    expect(await stateOf(key)).toEqual({ periodStart: 0, used: 0, generation: 1 });
    await place.query(`UPDATE key_quotas SET used = 7, period_start = 5 WHERE key_id = '${key.id}'`);
    const before = { periodStart: 5, used: 7, generation: 1 };
    expect(await stateOf(key)).toEqual(before);
    expect(await restart()).toEqual(before);
    expect(await stateOf(key)).toEqual({ periodStart: 0, used: 0, generation: 2 });
    expect(await stateOf(other)).toEqual(unusedQuota);
  });
});
