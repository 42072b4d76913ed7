import type { QuotaInput } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { createKey } from '../../src/keys/create-key.ts';
import { deleteKey } from '../../src/keys/delete-key.ts';
import { resetQuota } from '../../src/keys/reset-quota.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { updateKey } from '../../src/keys/update-key.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { createDatabase, forEachEngine, type Place } from '../support/engines.ts';
import { hold, holdRows } from '../support/hold.ts';
import { admin, startEngine } from '../support/running-engine.ts';
import { until, untilBlocked } from '../support/waiting.ts';

const total = (limit: number): QuotaInput => ({ limit, period: 'total' });

/** An engine with a key that has a quota. */
async function start(place: Place, quota: QuotaInput) {
  const engine = await startEngine(await place.open());
  const { context } = engine;
  const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
  const { key, secret } = await createKey(context, admin, projectId, { quota });
  const ask = (cost = 1) => engine.verify(secret, { cost });
  const askAll = (count: number) => Array.from({ length: count }, () => ask());
  const stored = async () => {
    const rows = await place.query<{ used: number }>(
      `SELECT used FROM key_quotas WHERE key_id = '${key.id}'`,
    );
    return Number(rows[0]?.used);
  };
  /** Holds up what writes to the quota; on SQLite everything that writes. */
  const holdQuota = () =>
    hold(place, engine.storage, `SELECT 1 FROM key_quotas WHERE key_id = '${key.id}' FOR UPDATE`);
  return { engine, context, keyId: key.id, ask, askAll, stored, holdQuota };
}

const count = (codes: string[], code: string) => codes.filter((other) => other === code).length;

forEachEngine((createPlace) => {
  test('of eight requests held at a gate with one unit left exactly one passes', async () => {
    const place = await createPlace();
    const { ask, askAll, stored, holdQuota } = await start(place, total(10));
    expect(await ask(9)).toBe('valid');
    const release = await holdQuota();
    const asked = askAll(8);
    await untilBlocked(place);
    await release();
    const codes = await Promise.all(asked);
    expect([count(codes, 'valid'), count(codes, 'quota_exceeded')]).toEqual([1, 7]);
    expect(await stored()).toBe(10);
  });

  test.each([
    [25, 1],
    [75, 3],
    [77, 3],
  ])(
    'of 100 requests held at a gate on a quota of %i, each at a cost of %i, exactly 25 pass',
    async (limit, cost) => {
      const place = await createPlace();
      const { ask, stored, holdQuota } = await start(place, total(limit));
      await ask(0);
      const release = await holdQuota();
      const asked = Array.from({ length: 100 }, () => ask(cost));
      await untilBlocked(place);
      await release();
      const codes = await Promise.all(asked);
      expect([count(codes, 'valid'), count(codes, 'quota_exceeded')]).toEqual([25, 75]);
      // What is left over is too little for another one, and is not lost to a cheaper one.
      expect(await stored()).toBeLessThanOrEqual(limit);
      for (let left = limit - 25 * cost; left > 0; left--) expect(await ask()).toBe('valid');
      expect(await ask()).toBe('quota_exceeded');
      expect(await stored()).toBe(limit);
    },
  );

  test('of 100 requests held at a gate that cost 0 to 5, what passes never costs more than the quota, and fills it', async () => {
    const place = await createPlace();
    const { ask, stored, holdQuota } = await start(place, total(25));
    await ask(0);
    const release = await holdQuota();
    const costs = Array.from({ length: 100 }, (_, i) => (i * 7) % 6);
    const asked = costs.map((cost) => ask(cost));
    await untilBlocked(place);
    await release();
    const codes = await Promise.all(asked);
    const spent = costs.reduce((sum, cost, i) => sum + (codes[i] === 'valid' ? cost : 0), 0);
    expect(spent).toBe(25);
    expect(await stored()).toBe(25);
    for (const [i, code] of codes.entries()) if (costs[i] === 0) expect(code).toBe('valid');
  });

  test('so it is when they come one after the other to a gate that opens and closes', async () => {
    const place = await createPlace();
    const { ask, askAll, holdQuota } = await start(place, total(45));
    await ask(0);
    const asked: Promise<string>[] = [];
    for (let round = 0; round < 6; round++) {
      const release = await holdQuota();
      asked.push(...askAll(8));
      await untilBlocked(place);
      await release();
    }
    const codes = await Promise.all(asked);
    expect([count(codes, 'valid'), count(codes, 'quota_exceeded')]).toEqual([45, 3]);
  });

  test('a reset and requests at the same gate: together no more pass after it than the quota has', async () => {
    const place = await createPlace();
    const { context, keyId, ask, askAll, holdQuota } = await start(place, total(20));
    expect(await ask(12)).toBe('valid');
    const release = await holdQuota();
    const before = askAll(8);
    const resetting = resetQuota(context, admin, keyId);
    const beside = askAll(8);
    await untilBlocked(place, 2);
    await release();
    await resetting;
    const during = count(await Promise.all([...before, ...beside]), 'valid');
    const after = count(await Promise.all(askAll(30)), 'valid');
    // Those before the reset may have spent the last eight units of before, those after it the whole quota.
    expect(during + after).toBeGreaterThanOrEqual(20);
    expect(during + after).toBeLessThanOrEqual(28);
  });

  test('a limit that is lowered while requests wait at the gate', async () => {
    const place = await createPlace();
    const { context, keyId, ask, askAll, stored, holdQuota } = await start(place, total(1000));
    expect(await ask(3)).toBe('valid');
    const release = await holdQuota();
    const asked = askAll(8);
    await untilBlocked(place);
    const lowering = updateKey(context, admin, keyId, { quota: total(5) });
    await untilBlocked(place);
    await release();
    await lowering;
    const passed = count(await Promise.all(asked), 'valid');
    // Those that waited got their units before the limit was lowered, or found the new one.
    expect([2, 8]).toContain(passed);
    expect(await ask()).toBe('quota_exceeded');
    expect(await stored()).toBe(3 + passed);
  });

  test('what is held goes back when the key is idle, when it is revoked, and at a stop', async () => {
    const place = await createPlace();
    const { engine, context, keyId, ask, stored } = await start(place, total(10_000));
    let spent = 0;
    /** Looks after each unit: on a busy machine what is held may have gone back before the last one. */
    const spend = async (units: number) => {
      let held = 0;
      for (let i = 0; i < units; i++) {
        expect(await ask()).toBe('valid');
        spent++;
        held = Math.max(held, (await stored()) - spent);
      }
      expect(held).toBeGreaterThan(0);
    };
    await spend(20);
    await until(async () => (await stored()) === 20, 'it went back by itself');
    await spend(20);
    await engine.limiter.stop();
    expect(await stored()).toBe(40);
    await spend(20);
    await revokeKey(context, admin, keyId, null);
    await until(async () => (await stored()) === 60, 'it went back with the revocation');
    await deleteKey(context, admin, keyId);
    expect(engine.limiter.size).toBe(0);
  });
});

describe('on PostgreSQL', () => {
  test('a key that is revoked while a request waits for its quota is refused, and nothing is charged', async () => {
    const place = await createDatabase();
    const { context, keyId, ask, stored } = await start(place, total(10));
    expect(await ask()).toBe('valid');
    const release = await holdRows(place, `SELECT 1 FROM key_quotas WHERE key_id = '${keyId}' FOR UPDATE`);
    const asked = ask(5);
    await untilBlocked(place);
    await revokeKey(context, admin, keyId, null);
    await release();
    expect(await asked).toBe('revoked');
    await until(async () => (await stored()) === 1, 'what it would have cost went back');
  });

  test('connections that are cut: a request is unavailable at worst, and never more pass than may', async () => {
    const place = await createDatabase();
    const { ask, stored } = await start(place, total(400));
    const codes: string[] = [];
    let isOver = false;
    const crowd = Array.from({ length: 6 }, async () => {
      while (!isOver) codes.push(await ask());
    });
    for (let cut = 0; cut < 8; cut++) {
      await until(() => codes.length > cut * 20, 'requests are answered');
      await place.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'keywright'`,
      );
    }
    await until(() => codes.includes('quota_exceeded'), 'all is spent');
    isOver = true;
    await Promise.all(crowd);
    expect([...new Set(codes)].sort()).toEqual(
      codes.includes('unavailable')
        ? ['quota_exceeded', 'unavailable', 'valid']
        : ['quota_exceeded', 'valid'],
    );
    expect(count(codes, 'valid')).toBeLessThanOrEqual(400);
    expect(count(codes, 'valid')).toBeGreaterThan(300);
    expect(await stored()).toBeLessThanOrEqual(400);
  });
});
