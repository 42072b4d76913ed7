import { expect, test } from 'vitest';
import { SystemClock } from '../../src/domain/clock.ts';
import { DomainError } from '../../src/domain/error.ts';
import { newId } from '../../src/domain/id.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { plainRecord } from '../../src/testing/plain-record.ts';
import { UsageJournal } from '../../src/usage/usage-journal.ts';
import type { UsageAddition, UsageStore } from '../../src/usage/usage-store.ts';
import { UsageTotals } from '../../src/usage/usage-totals.ts';
import { UsageWriter } from '../../src/usage/usage-writer.ts';
import { UsageMeter } from '../../src/verification/usage-meter.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { hold } from '../support/hold.ts';

type Transaction = Storage['transaction'];

/** More than are added up at once. */
const keyCount = 1500;
const records = Array.from({ length: keyCount }, (_, index) => plainRecord(`${index}`.padStart(4, '0')));

forEachEngine((createPlace) => {
  test('what many keys were used for is safe before it is added up, and then counts once', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const world = begin(storage);
    const letGo = await hold(place, storage, 'LOCK TABLE usage IN EXCLUSIVE MODE');
    world.use();
    const flushing = [world.writer.flush()];
    // SQLite has one lock for all tables.
    if (storage.engine === 'postgres') {
      expect(await flushing[0]).toBe(true);
      expect(world.writer.statistics.lagSeconds).toBe(0);
      expect(await kept(place)).toBeGreaterThan(5);
      expect(await counted(place)).toBe(0);
      world.use();
      flushing.push(world.writer.flush());
      expect(await flushing[1]).toBe(true);
    }
    await letGo();
    expect(await Promise.all(flushing)).not.toContain(false);
    expect(await world.writer.settle()).toBe(true);
    expect(await counted(place)).toBe(flushing.length * keyCount);
    expect(await kept(place)).toBe(0);
    expect(world.writer.statistics.partsKept).toBe(0);
    const uses = await place.query<{ at: number }>('SELECT at FROM key_last_use');
    expect(uses).toHaveLength(keyCount);
  });

  test('whatever breaks before or after a commit, each counts once', { timeout: 180_000 }, async () => {
    const place = await createPlace();
    const storage = await place.open();
    const chance = dice(7);
    let isBreaking = true;
    const failed = () => new DomainError('unavailable', { detail: 'The connection broke.' });
    const transaction: Transaction = async (run) => {
      if (isBreaking && chance() < 0.1) throw failed();
      const value = await storage.transaction(run);
      if (isBreaking && chance() < 0.1) throw failed();
      return value;
    };
    const worlds = [begin(storage, transaction), begin(storage, transaction)];
    let used = 0;
    for (let round = 0; round < 6; round++) {
      for (const { use, writer } of worlds) {
        use(round % 2 === 0 ? keyCount : 20);
        used += round % 2 === 0 ? keyCount : 20;
        await writer.flush();
        // Both add up at the same time.
        void writer.settle();
      }
    }
    isBreaking = false;
    for (const { writer } of worlds) await expect.poll(() => writer.settle()).toBe(true);
    for (const { writer } of worlds) expect(writer.statistics.verificationsDropped).toBe(0);
    expect(await kept(place)).toBe(0);
    expect(await counted(place)).toBe(used);
  });

  test('what a key was used for in several seconds is written once', async () => {
    const storage = await (await createPlace()).open();
    const keeping = begin(storage);
    await keeping.journal.stop();
    for (let i = 0; i < 3; i++) {
      keeping.use();
      expect(await keeping.writer.flush()).toBe(true);
    }
    let written = 0;
    const adding = begin(
      storage,
      before(storage, 'add', ({ keyUses }) => {
        written += keyUses.length;
      }),
    );
    expect(await adding.journal.drain()).toBe(true);
    expect(written).toBe(keyCount);
  });

  test('a part that another process has added up in the meantime is not added up again', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let hasNewParts = false;
    const slow = begin(storage, async (run) => {
      if (hasNewParts) {
        reached.resolve();
        await gate.promise;
      }
      let putsTogether = false;
      const transaction = before(storage, 'takeKept', (ids) => {
        putsTogether ||= ids.length > 1;
      });
      const value = await transaction(run);
      // Once it is committed: until then the other would meet parts that are being taken.
      hasNewParts ||= putsTogether;
      return value;
    });
    slow.use();
    const settling = slow.writer.settle();
    await reached.promise;
    expect(await begin(storage).journal.drain()).toBe(true);
    expect(await counted(place)).toBeGreaterThan(0);
    gate.resolve();
    await settling;
    await expect.poll(() => slow.writer.settle()).toBe(true);
    expect(await counted(place)).toBe(keyCount);
  });

  test('what is kept just as the journal was found empty is added up too', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const keeping = begin(storage);
    keeping.use(1);
    const [addition] = additionsOf(keeping.meter);
    if (addition === undefined) throw new Error('nothing was counted');
    let isFirst = true;
    const world = begin(storage, async (run) => {
      const value = await storage.transaction(run);
      if (isFirst) {
        isFirst = false;
        expect(value).toEqual([]);
        await storage.transaction(({ usage }) => usage.keep([{ id: '1', addition }]));
        world.journal.wake(1);
      }
      return value;
    });
    world.journal.wake();
    await expect.poll(() => counted(place)).toBe(1);
    expect(await kept(place)).toBe(0);
  });

  test('what a process leaves behind is added up by the next one', async () => {
    const place = await createPlace();
    const storage = await place.open();
    let isDead = false;
    const dying = begin(storage, async (run) => {
      if (isDead) throw new DomainError('unavailable', { detail: 'dead' });
      return storage.transaction(run);
    });
    dying.use();
    const dies = expect.poll(() => counted(place), { interval: 1 }).toBeGreaterThan(0);
    await dying.writer.flush();
    await dies;
    isDead = true;
    await expect.poll(() => dying.writer.settle()).toBe(false);
    expect(await kept(place)).toBeGreaterThan(0);

    const next = begin(storage);
    next.journal.wake();
    await expect.poll(() => kept(place)).toBe(0);
    expect(await next.journal.drain()).toBe(true);
    expect(await counted(place)).toBe(keyCount);
  });

  test('a stop adds up as much as it can, and says that the rest is left to the next start', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const world = begin(storage);
    world.use();
    await world.writer.stop(20_000);
    expect(await counted(place)).toBe(keyCount);
    expect(world.log).toEqual([]);

    let isHanging = false;
    const hasty = begin(storage, (run) => (isHanging ? new Promise(() => {}) : storage.transaction(run)));
    hasty.use();
    expect(await hasty.writer.flush()).toBe(true);
    isHanging = true;
    await hasty.writer.stop(200);
    expect(hasty.log).toEqual([
      'info: stopped before all usage was added up: the next start goes on with it',
    ]);
    expect(await begin(storage).journal.drain()).toBe(true);
    expect(await counted(place)).toBe(2 * keyCount);
  });

  test('a part that the database does not take holds nothing up for ever, and is told of', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const world = begin(storage, (run) =>
      storage.transaction((stores) => {
        const add: typeof stores.usage.add = (addition, now) => {
          if (addition.keyUses.some(({ keyId }) => keyId === records[700]?.id))
            throw new Error('no such code');
          return stores.usage.add(addition, now);
        };
        return run({ ...stores, usage: { ...stores.usage, add } });
      }),
    );
    world.use();
    expect(await world.writer.settle()).toBe(true);
    expect(await kept(place)).toBe(0);
    const { verificationsDropped } = world.writer.statistics;
    expect(verificationsDropped).toBeGreaterThan(0);
    expect(verificationsDropped).toBeLessThan(keyCount / 5);
    expect(await counted(place)).toBe(keyCount - verificationsDropped);
    expect(world.log).toEqual(['error: the database does not take these counts: they are thrown away']);
  });

  test('what no room is left for in the journal waits in memory, and is not lost', async () => {
    const place = await createPlace();
    const storage = await place.open();
    const world = begin(storage);
    world.use();
    // As if there were so many.
    world.journal.wake(2000);
    expect(world.journal.isFull).toBe(true);
    expect(await world.writer.flush()).toBe(true);
    expect(world.writer.statistics.lagSeconds).toBeGreaterThan(0);
    expect(await counted(place)).toBe(0);
    await world.writer.stop(20_000);
    expect(await counted(place)).toBe(keyCount);
  });
});

/** Transactions in which a step comes before a method of the usage store. */
function before<Name extends 'add' | 'takeKept'>(
  storage: Storage,
  name: Name,
  step: (parameter: Parameters<UsageStore[Name]>[0]) => void,
): Transaction {
  return (run) =>
    storage.transaction((stores) => {
      const method = stores.usage[name] as (...given: unknown[]) => Promise<unknown>;
      const stepped = (parameter: Parameters<UsageStore[Name]>[0], ...others: unknown[]) => {
        step(parameter);
        return method(parameter, ...others);
      };
      return run({ ...stores, usage: { ...stores.usage, [name]: stepped } });
    });
}

/** A writer of what is counted for keys that are only in memory, which does nothing by itself. */
function begin(storage: Storage, transaction: Transaction = storage.transaction) {
  const clock = new SystemClock();
  const log: string[] = [];
  const note = (level: string) => (_: object, message: string) => void log.push(`${level}: ${message}`);
  let next = 0;
  const meter = new UsageMeter({
    verifier: {
      verify() {
        const key = records[next++ % keyCount] ?? null;
        return { code: 'valid', key, limits: [], retryAfterSeconds: null };
      },
    },
    clock,
  });
  const writing = {
    transaction,
    clock,
    node: newId('key', Date.now()),
    log: { info: note('info'), warn: note('warn'), error: note('error') },
  };
  const journal = new UsageJournal(writing);
  const writer = new UsageWriter({ ...writing, meter, journal, censor: (text) => text });
  return {
    meter,
    journal,
    writer,
    log,
    /** Uses each of so many keys once. */
    use(count = keyCount) {
      const request = { key: '', ip: '192.0.2.7', userAgent: 'curl/8' };
      for (let i = 0; i < count; i++) void meter.verify(request, { projectId: null });
    },
  };
}

function additionsOf(meter: UsageMeter): UsageAddition[] {
  const totals = new UsageTotals({ censor: (text) => text });
  totals.add(meter.read());
  return [...totals.cut()];
}

async function counted(place: Place): Promise<number> {
  const [row] = await place.query<{ total: number | null }>(
    'SELECT sum(count) AS total FROM usage JOIN meters ON meters.id = meter_id WHERE key_id IS NOT NULL',
  );
  return Number(row?.total ?? 0);
}

async function kept(place: Place): Promise<number> {
  const [row] = await place.query<{ parts: number }>('SELECT count(*) AS parts FROM usage_journal');
  return Number(row?.parts);
}

/** The same chances in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
