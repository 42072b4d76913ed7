import { expect, test } from 'vitest';
import { DomainError } from '../domain/error.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import type { Storage } from './storage.ts';
import { WriteWatch } from './write-watch.ts';

const failure = (code: string) =>
  new DomainError('unavailable', { cause: Object.assign(new Error(code), { code }) });

/** A storage on which every write fails with this, as long as it is there. */
function build() {
  const clock = new FakeClock();
  const disk: { failure: Error | null; writes: number } = { failure: null, writes: 0 };
  const write = async () => {
    disk.writes++;
    if (disk.failure !== null) throw disk.failure;
    return undefined as never;
  };
  const storage = { transaction: write, backgroundTransaction: write } as unknown as Storage;
  const watch = new WriteWatch(clock);
  const watched = watch.watch(storage);
  const change = () => watched.transaction(async () => {}).catch(() => {});
  const check = async () => {
    const reason = watch.check(watched);
    // A try has its turn.
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    return reason;
  };
  return { clock, disk, change, check };
}

test('nothing is written as long as nothing fails', async () => {
  const { disk, change, check } = build();
  await change();
  expect(await check()).toBeNull();
  expect(disk.writes).toBe(1);
});

test.each([
  ['SQLITE_FULL', 'its disk is full'],
  ['53100', 'its disk is full'],
  ['SQLITE_IOERR_WRITE', 'writing to its disk fails'],
  [
    'SQLITE_READONLY_DBMOVED',
    'its file was moved or deleted: put it back, or restart the server on the one that is there now',
  ],
  ['SQLITE_BUSY', null],
  ['ECONNREFUSED', null],
])('of %s it says: %s', async (code, reason) => {
  const { disk, change, check } = build();
  disk.failure = failure(code);
  await change();
  expect(await check()).toBe(reason);
});

test('it goes on as long as writes fail, and ends with one that succeeds, tried at most every ten seconds', async () => {
  const { clock, disk, change, check } = build();
  disk.failure = failure('SQLITE_FULL');
  await change();
  clock.pass(9999);
  expect(await check()).toBe('its disk is full');
  expect(disk.writes).toBe(1);
  clock.pass(1);
  await check();
  await check();
  expect(disk.writes).toBe(2);
  disk.failure = null;
  expect(await check()).toBe('its disk is full');
  clock.pass(10_000);
  await check();
  expect(await check()).toBeNull();
  expect(disk.writes).toBe(3);
});
