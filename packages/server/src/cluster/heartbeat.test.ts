import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Follower } from '../ledger/follow.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeLedger } from '../testing/fake-ledger.ts';
import { isSettled, turns } from '../testing/turns.ts';
import { Fence } from './fence.ts';
import { Heartbeat, leaseMs } from './heartbeat.ts';
import { RegistrationLost, RegistrationTaken } from './node-store.ts';

let clock: FakeClock;
let ledger: FakeLedger;
let fence: Fence;
let follower: Follower;
let heartbeat: Heartbeat;
let clears: number;
let applied: number[];
let offsets: number[];
let states: unknown[];
let cutOffs: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  clock = new FakeClock();
  ledger = new FakeLedger();
  fence = new Fence(clock);
  [clears, applied, offsets, states, cutOffs] = [0, [], [], [], 0];
  follower = new Follower({
    store: ledger,
    apply: (row) => applied.push(row.seq),
    clear: () => {
      clears++;
    },
  });
  heartbeat = new Heartbeat({
    store: ledger,
    follower,
    fence,
    clock,
    onOffset: (offset) => offsets.push(offset),
    onStateChange: (state) => states.push(state),
    onCutOff: () => void cutOffs++,
  });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A second goes by, and what it brings is done. */
async function second(): Promise<void> {
  clock.pass(1000);
  await vi.advanceTimersByTimeAsync(1000);
  await turns();
}

const beats = () => ledger.reads.list('beat').length;

describe('the start', () => {
  test('follows from the head and opens the fence', async () => {
    ledger.replace(5);
    await heartbeat.start();
    expect(follower.applied.seq).toBe(5);
    expect(applied).toEqual([]);
    expect(fence.isOpen()).toBe(true);
  });

  test('opens nothing before the first beat came back', async () => {
    ledger.reads.pace = 'held';
    const starting = heartbeat.start();
    await turns();
    ledger.reads.last().pass();
    await turns();
    expect(ledger.reads.last().what).toBe('beat');
    expect(fence.isOpen()).toBe(false);
    ledger.reads.last().pass();
    await starting;
    expect(fence.isOpen()).toBe(true);
  });

  test.each(['at once', 'soon'] as const)('fails when the database does, %s', async (pace) => {
    ledger.reads.pace = pace;
    ledger.reads.failure = new Error('gone');
    await expect(heartbeat.start()).rejects.toThrow('gone');
    expect(fence.isOpen()).toBe(false);
    await second();
    expect(beats()).toBe(0);
  });
});

describe('a beat', () => {
  test('comes every second and keeps the fence open', async () => {
    await heartbeat.start();
    for (let i = 0; i < 30; i++) {
      await second();
      expect(fence.isOpen()).toBe(true);
    }
    expect(beats()).toBe(31);
  });

  test('applies what is new before it opens the fence', async () => {
    await heartbeat.start();
    ledger.reads.pace = 'held';
    ledger.commit();
    clock.pass(leaseMs);
    await second();
    ledger.reads.last().pass();
    await turns();
    expect(ledger.reads.last().what).toBe('tail');
    expect(fence.isOpen()).toBe(false);
    expect(applied).toEqual([]);
    ledger.reads.last().pass();
    await turns();
    expect(applied).toEqual([1]);
    expect(fence.isOpen()).toBe(true);
  });

  test('reads no tail when there is nothing new', async () => {
    ledger.replace(3);
    await heartbeat.start();
    await second();
    expect(ledger.reads.list('tail')).toHaveLength(0);
  });

  test('does not open the fence when the rows up to the head are not to be had', async () => {
    await heartbeat.start();
    clock.pass(leaseMs);
    ledger.commit();
    ledger.tail = () => [];
    await second();
    expect(fence.isOpen()).toBe(false);
    expect(states).toEqual([expect.any(Error)]);
  });

  test('counts the lease from before it was sent', async () => {
    await heartbeat.start();
    ledger.reads.pace = 'held';
    await second();
    clock.pass(leaseMs - 1);
    ledger.reads.last().pass();
    await turns();
    expect(fence.isOpen()).toBe(true);
    clock.pass(1);
    expect(fence.isOpen()).toBe(false);
  });

  test('is not sent while another one is under way', async () => {
    await heartbeat.start();
    ledger.reads.pace = 'held';
    for (let i = 0; i < 5; i++) await second();
    expect(beats()).toBe(2);
    ledger.reads.pace = 'soon';
    ledger.reads.last().pass();
    await turns();
    await second();
    expect(beats()).toBe(3);
  });

  test('tells by how much the database’s clock is ahead, as of the middle of the round trip', async () => {
    await heartbeat.start();
    ledger.reads.pace = 'held';
    ledger.databaseTimeMs = clock.wall() + 1000 + 5200;
    await second();
    clock.pass(400);
    ledger.reads.last().pass();
    await turns();
    expect(offsets.at(-1)).toBe(5000);
  });
});

describe('another ledger under the same address', () => {
  test.each([
    ['shorter', 2],
    ['as long', 5],
    ['longer', 9],
  ])('that is %s: everything is forgotten, and it is followed from its head', async (_, length) => {
    ledger.replace(5);
    await heartbeat.start();
    expect(clears).toBe(1);
    ledger.replace(length);
    await second();
    expect(clears).toBe(2);
    expect(follower.applied).toEqual({ seq: length, hash: ledger.rows.at(-1)?.hash });
    expect(applied).toEqual([]);
    expect(fence.isOpen()).toBe(true);
    ledger.commit();
    await second();
    expect(applied).toEqual([length + 1]);
    expect(clears).toBe(2);
  });

  test('does not open the fence before everything is forgotten', async () => {
    ledger.replace(5);
    await heartbeat.start();
    clock.pass(leaseMs);
    ledger.replace(5);
    ledger.reads.pace = 'held';
    await second();
    ledger.reads.last().pass();
    await turns();
    expect(ledger.reads.last().what).toBe('head');
    expect([fence.isOpen(), clears]).toEqual([false, 1]);
    ledger.reads.last().pass();
    await turns();
    expect([fence.isOpen(), clears]).toEqual([true, 2]);
  });

  test('rows that are applied while the beat is under way are no other ledger', async () => {
    await heartbeat.start();
    ledger.reads.pace = 'held';
    await second();
    const beat = ledger.reads.last();
    ledger.reads.pace = 'soon';
    ledger.commit();
    await follower.catchUp();
    beat.pass();
    await turns();
    expect(clears).toBe(1);
    expect(fence.isOpen()).toBe(true);
  });
});

describe('when the database fails', () => {
  test.each(['at once', 'soon'] as const)(
    'memory serves to the end of the lease and no longer, %s',
    async (pace) => {
      ledger.reads.pace = pace;
      await heartbeat.start();
      ledger.reads.failure = new Error('gone');
      for (let passed = 1; passed < leaseMs / 1000; passed++) {
        await second();
        expect(fence.isOpen()).toBe(true);
      }
      await second();
      expect(fence.isOpen()).toBe(false);
      expect(states).toEqual([ledger.reads.failure]);
    },
  );

  test('it is tried again five times a second, and once a second when all is well again', async () => {
    await heartbeat.start();
    const before = beats();
    ledger.reads.failure = new Error('gone');
    await second();
    expect(beats()).toBe(before + 1);
    await second();
    expect(beats()).toBe(before + 6);
    ledger.reads.failure = null;
    await second();
    const after = beats();
    await second();
    expect(beats()).toBe(after + 1);
  });

  test('it goes on trying, tells when it is over, and the fence opens', async () => {
    await heartbeat.start();
    const failure = new Error('gone');
    ledger.reads.failure = failure;
    for (let i = 0; i < 15; i++) await second();
    ledger.reads.failure = null;
    ledger.commit();
    await second();
    expect(states).toEqual([failure, null]);
    expect(applied).toEqual([1]);
    expect(fence.isOpen()).toBe(true);
    await second();
    expect(states).toHaveLength(2);
  });

  test('a beat of which only the tail fails opens nothing', async () => {
    await heartbeat.start();
    clock.pass(leaseMs);
    ledger.commit();
    const tail = ledger.tail.bind(ledger);
    ledger.tail = () => {
      throw new Error('gone');
    };
    await second();
    expect(fence.isOpen()).toBe(false);
    ledger.tail = tail;
    await second();
    expect(fence.isOpen()).toBe(true);
  });
});

test('that no row is followed is told when a lease has gone by, and until one comes through again', async () => {
  await heartbeat.start();
  const beat = ledger.beat.bind(ledger);
  ledger.beat = () => Promise.reject(new Error('gone'));
  for (let i = 1; i < leaseMs / 1000; i++) await second();
  expect(fence.isOpen()).toBe(true);
  expect(cutOffs).toBe(0);
  await second();
  // With each attempt.
  const told = cutOffs;
  expect(told).toBeGreaterThan(1);
  ledger.beat = beat;
  await second();
  expect(cutOffs).toBe(told);
});

test('a beat that finds another process in its place closes the fence at once', async () => {
  await heartbeat.start();
  expect(fence.isOpen()).toBe(true);
  let tries = 0;
  ledger.beat = () => {
    tries++;
    throw new RegistrationTaken();
  };
  await second();
  expect(fence.isOpen()).toBe(false);
  expect(states.at(-1)).toBeInstanceOf(RegistrationTaken);
  // There is no lease to save.
  for (let i = 0; i < 3; i++) await second();
  expect(tries).toBe(4);
});

test('a registration that is lost closes the fence at once, and is told in the middle of an outage too', async () => {
  await heartbeat.start();
  const failure = new Error('gone');
  const fault = new RegistrationLost('The way is wrong.');
  const beat = ledger.beat.bind(ledger);
  const beatsFail = (error: unknown) => () => Promise.reject(error);
  ledger.beat = beatsFail(failure);
  await second();
  expect(fence.isOpen()).toBe(true);
  ledger.beat = beatsFail(fault);
  await second();
  expect(fence.isOpen()).toBe(false);
  expect(cutOffs).toBeGreaterThan(0);
  ledger.beat = beat;
  await second();
  expect(fence.isOpen()).toBe(true);
  expect(states).toEqual([failure, fault, null]);
});

describe('the stop', () => {
  test('closes the fence and sends no more beats', async () => {
    await heartbeat.start();
    await heartbeat.stop();
    expect(fence.isOpen()).toBe(false);
    await second();
    await second();
    expect(beats()).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('waits for the beat that is under way, and the fence stays closed', async () => {
    await heartbeat.start();
    ledger.reads.pace = 'held';
    await second();
    const stopping = heartbeat.stop();
    expect(await isSettled(stopping)).toBe(false);
    ledger.reads.last().pass();
    await stopping;
    expect(fence.isOpen()).toBe(false);
    await second();
    expect(beats()).toBe(2);
  });
});
