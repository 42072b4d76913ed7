import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { censorText } from '../../src/censor.ts';
import { SystemClock } from '../../src/domain/clock.ts';
import { DomainError } from '../../src/domain/error.ts';
import { newId } from '../../src/domain/id.ts';
import { createKey } from '../../src/keys/create-key.ts';
import type { Secret } from '../../src/keys/secret-format.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { openPostgres } from '../../src/storage/postgres.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { getKeyUsage } from '../../src/usage/get-key-usage.ts';
import { UsageJournal } from '../../src/usage/usage-journal.ts';
import { UsageWriter } from '../../src/usage/usage-writer.ts';
import { startCommitCutter } from '../support/commit-cutter.ts';
import { createDatabase, forEachEngine } from '../support/engines.ts';
import { hold } from '../support/hold.ts';
import { admin, type RunningEngine, startEngine } from '../support/running-engine.ts';

type Transaction = Storage['transaction'];

forEachEngine((createPlace) => {
  test('a commit whose answer is lost counts once, and what was counted meanwhile is not lost', async () => {
    const storage = await (await createPlace()).open();
    let isLosing = true;
    const transaction: Transaction = async (run) => {
      const value = await storage.transaction(run);
      if (isLosing) throw new DomainError('unavailable', { detail: 'The answer was lost.' });
      return value;
    };
    const world = await begin(storage, transaction);
    await world.verify(3);
    expect(await world.writer.flush()).toBe(false);
    expect(await world.count()).toBe(3);
    await world.verify(4);
    expect(await world.writer.flush()).toBe(false);
    expect(await world.count()).toBe(3);
    isLosing = false;
    expect(await world.writer.flush()).toBe(true);
    expect(await world.count()).toBe(7);
    expect(await world.writer.flush()).toBe(true);
    expect(await world.count()).toBe(7);
    expect(world.writer.statistics).toMatchObject({ batchesFailed: 2, verificationsDropped: 0 });
  });

  test('a database that is away loses nothing: all is counted in memory, and written when it is back', async () => {
    const storage = await (await createPlace()).open();
    let isAway = true;
    const world = await begin(storage, (run) => {
      if (isAway) throw new DomainError('unavailable', { detail: 'away' });
      return storage.transaction(run);
    });
    for (let i = 1; i <= 5; i++) {
      await world.verify(10);
      expect(await world.writer.flush()).toBe(false);
    }
    expect(world.writer.statistics.lagSeconds).toBeGreaterThan(0);
    expect(world.log).toEqual(['warn: usage cannot be written: it is counted in memory until it can']);
    isAway = false;
    expect(await world.writer.flush()).toBe(true);
    expect(await world.count()).toBe(50);
    expect(world.writer.statistics).toMatchObject({ lagSeconds: 0, batchesFailed: 5 });
    expect(world.log).toHaveLength(2);
  });

  test('a stop writes the rest, tries again when that fails, and gives up in time', async () => {
    const storage = await (await createPlace()).open();
    let failures = 3;
    const world = await begin(storage, (run) => {
      if (failures-- > 0) throw new DomainError('unavailable', { detail: 'away' });
      return storage.transaction(run);
    });
    await world.verify(5);
    await world.writer.stop(5000);
    expect(await world.count()).toBe(5);

    const hanging = await begin(storage, () => new Promise(() => {}));
    await hanging.verify(5);
    const startedAt = performance.now();
    await hanging.writer.stop(300);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(hanging.log.at(-1)).toMatch(/^error: stopped before all usage was written/);
  });

  test('a batch that the database does not take holds nothing up for ever, and is told of', async () => {
    const storage = await (await createPlace()).open();
    let isBad = true;
    const world = await begin(storage, (run) => {
      if (isBad) throw new Error('no such column');
      return storage.transaction(run);
    });
    await world.verify(3);
    for (let i = 0; i < 4; i++) expect(await world.writer.flush()).toBe(false);
    isBad = false;
    expect(await world.writer.flush()).toBe(true);
    expect(await world.count()).toBe(3);

    isBad = true;
    await world.verify(2);
    for (let i = 0; i < 4; i++) expect(await world.writer.flush()).toBe(false);
    expect(await world.writer.flush()).toBe(true);
    isBad = false;
    await world.verify(1);
    expect(await world.writer.flush()).toBe(true);
    expect(await world.count()).toBe(4);
    expect(world.writer.statistics.verificationsDropped).toBe(2);
    expect(world.log.filter((line) => line.startsWith('error'))).toHaveLength(1);
  });

  test('two flushes at once write everything once', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const world = await begin(storage, storage.transaction);
    await world.verify(5);
    await world.writer.flush();
    const letGo = await hold(place, storage, 'LOCK TABLE usage IN EXCLUSIVE MODE');
    const flushes = [world.writer.flush()];
    await world.verify(6);
    flushes.push(world.writer.flush(), world.writer.flush());
    await letGo();
    expect(await Promise.all(flushes)).toEqual([true, true, true]);
    expect(await world.count()).toBe(11);
  });

  test('every verification of a storm is counted, whatever is changed and written meanwhile', async () => {
    const storage = await (await createPlace()).open();
    const world = await begin(storage, storage.transaction);
    let asked = 0;
    let isOver = false;
    const asking = async () => {
      while (!isOver) {
        await world.verify(50);
        asked += 50;
        await nextTurn();
      }
    };
    const writing = async () => {
      while (!isOver) {
        await world.writer.flush();
        await nextTurn();
      }
    };
    const work = [asking(), asking(), writing()];
    for (let i = 0; i < 30; i++) await createKey(world.engine.context, admin, world.projectId, {});
    isOver = true;
    await Promise.all(work);
    await world.writer.flush();
    expect(await world.count()).toBe(asked);
  });
});

describe('on PostgreSQL', () => {
  test('a connection that breaks at the commit of a batch counts it once', async () => {
    const way = await startCommitCutter((await createDatabase()).location);
    const storage = await openPostgres({ url: way.url, onIdleError() {} });
    onTestFinished(() => storage.close());
    const world = await begin(storage, storage.transaction);
    await world.verify(3);
    way.loseNextCommit();
    expect(await world.writer.flush()).toBe(false);
    expect(way.lost).toBe(1);
    await world.verify(4);
    expect(await world.writer.flush()).toBe(true);
    expect(await world.count()).toBe(7);
  });
});

/** A key on a running engine, and a writer of its usage that does nothing by itself. */
async function begin(storage: Storage, transaction: Transaction) {
  const engine = await startEngine(storage);
  const project = await createProject(engine.context, admin, { name: 'Project', preset: 'standard' });
  const { key, secret } = await createKey(engine.context, admin, project.id, {});
  const log: string[] = [];
  const note = (level: string) => (_: object, message: string) => void log.push(`${level}: ${message}`);
  const writing = {
    transaction: (async (run) => transaction(run)) as Transaction,
    clock: new SystemClock(),
    node: newId('key', Date.now()),
    log: { info: note('info'), warn: note('warn'), error: note('error') },
  };
  const journal = new UsageJournal(writing);
  const writer = new UsageWriter({ ...writing, meter: engine.meter, journal, censor: censorText });
  return {
    engine,
    writer,
    log,
    projectId: project.id,
    verify: (count: number) => verify(engine, secret, count),
    async count() {
      const { buckets } = await getKeyUsage(engine.context, admin, key.id, { bucket: 'day' });
      return buckets.reduce((sum, { count }) => sum + count, 0);
    },
  };
}

async function verify({ meter }: RunningEngine, secret: Secret, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await meter.verify({ key: secret.reveal() }, admin);
}
