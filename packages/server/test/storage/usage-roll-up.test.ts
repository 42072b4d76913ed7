import { expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { resolutions, type UsageCount } from '../../src/usage/usage-store.ts';
import { UsageUpkeep } from '../../src/usage/usage-upkeep.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { randomHash } from '../support/records.ts';

const { minute, hour, day } = resolutions;
const now = Date.UTC(2027, 0, 31, 12, 34, 56, 789);
const log = { info() {}, warn() {} };

forEachEngine((createPlace) => {
  test('minutes become hours after a week, hours become days after a quarter of a year, and nothing is lost', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const ages = [0, 6.9, 7, 7.2, 8, 8 + minute / day, 60, 89.9, 90, 92, 93, 93.01, 400].map(
      (days) => days * day,
    );
    await addSome(storage, ages);
    const before = await sums(place);
    const upkeep = new UsageUpkeep({
      transaction: storage.transaction,
      clock: { now: () => now, isSettled: () => true },
      log,
    });
    await upkeep.run();
    expect(await sums(place)).toEqual(before);
    const rows = await place.query<{ resolution: number; at: number; last: number }>(
      'SELECT resolution, at, max(last_at) AS last FROM usage GROUP BY resolution, at ORDER BY at',
    );
    for (const row of rows) {
      const { resolution, at, last } = numbers(row);
      const age = now - at;
      expect(at % resolution).toBe(0);
      expect(last).toBeGreaterThanOrEqual(at);
      expect(last).toBeLessThan(at + resolution);
      if (age < 7 * day) expect(resolution).toBe(minute);
      else if (age > 7 * day + 2 * hour && age < 90 * day) expect(resolution).toBe(hour);
      else if (age > 92 * day) expect(resolution).toBe(day);
    }
    expect(new Set(rows.map((row) => Number(row.resolution)))).toEqual(new Set([minute, hour, day]));

    const untouched = await all(place);
    await upkeep.run();
    expect(await all(place)).toEqual(untouched);
  });

  test('a roll-up that is undone, repeated, or made by two at once counts everything once', async () => {
    const place = await createPlace();
    const storage = await place.open();
    await addSome(
      storage,
      Array.from({ length: 120 }, (_, i) => 8 * day + i * minute),
    );
    const before = await sums(place);
    const step = { from: minute, to: hour, before: now - 7 * day };
    const undone = storage.transaction(async ({ usage }) => {
      expect(await usage.rollUp(step, 50)).toBe(50);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await sums(place)).toEqual(before);
    expect(await count(place, minute)).toBe(2 * 120);

    let taken = 0;
    const work = async () => {
      for (let i = 0; i < 20; i++) {
        const rows = await storage.transaction(({ usage }) => usage.rollUp(step, 17));
        taken += rows;
      }
    };
    // And late counts for what is rolled up just then.
    const late = addSome(storage, [8 * day, 8 * day + minute]);
    await Promise.all([work(), work(), late]);
    await storage.transaction(({ usage }) => usage.rollUp(step, 500));
    expect(await count(place, minute)).toBe(0);
    const after = await sums(place);
    expect(after.total - before.total).toBe(4);
    expect(taken).toBeGreaterThanOrEqual(240);
  });

  test('a stop ends it between two transactions', async () => {
    const place = await createPlace();
    const storage = await place.open();
    await addSome(
      storage,
      Array.from({ length: 400 }, (_, i) => 8 * day + i * minute),
    );
    const before = await sums(place);
    const upkeep: UsageUpkeep = new UsageUpkeep({
      async transaction(run) {
        const value = await storage.transaction(run);
        stopped ??= upkeep.stop();
        return value;
      },
      clock: { now: () => now, isSettled: () => true },
      log,
    });
    let stopped: Promise<void> | null = null;
    upkeep.start();
    await expect.poll(() => stopped).not.toBeNull();
    await stopped;
    expect(await count(place, minute)).toBe(2 * 400 - 500);
    expect(await sums(place)).toEqual(before);
  });
});

/** Adds one to a secret of its own and to one project for each age; the last of these in the minute at this age. */
async function addSome(storage: Storage, ages: number[]): Promise<void> {
  const secret = { type: 'secret', hash: randomHash(), keyId: newId('key', now) } as const;
  const project = { type: 'project', projectId: newId('project', now), isFormer: false } as const;
  const counts = ages.flatMap((age): UsageCount[] => {
    const lastAt = now - age;
    const at = lastAt - (lastAt % minute);
    return [secret, project].map((subject) => {
      return { subject, resolution: minute, at, code: 'valid', count: 1, lastAt };
    });
  });
  await storage.transaction(({ usage }) =>
    usage.add({ counts, keyUses: [], origins: [], serviceKeyUses: [] }, now),
  );
}

async function sums(place: Place) {
  const [row] = await place.query<Record<string, number>>(
    'SELECT sum(count) AS total, max(last_at) AS last FROM usage',
  );
  return numbers(row ?? {}) as { total: number };
}

function all(place: Place) {
  return place.query('SELECT * FROM usage ORDER BY meter_id, resolution, at, code');
}

async function count(place: Place, resolution: number): Promise<number> {
  const [row] = await place.query<{ count: number }>(
    `SELECT count(*) AS count FROM usage WHERE resolution = ${resolution}`,
  );
  return Number(row?.count);
}

function numbers<Row extends Record<string, unknown>>(row: Row): { [Name in keyof Row]: number } {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])) as {
    [Name in keyof Row]: number;
  };
}
