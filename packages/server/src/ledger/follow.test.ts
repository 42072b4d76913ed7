import { beforeEach, describe, expect, test } from 'vitest';
import { FakeLedger } from '../testing/fake-ledger.ts';
import { isSettled, turns } from '../testing/turns.ts';
import { genesis } from './entry.ts';
import { Follower } from './follow.ts';

let ledger: FakeLedger;
let applied: number[];
let clears: number;
let follower: Follower;

beforeEach(() => {
  ledger = new FakeLedger();
  applied = [];
  clears = 0;
  follower = new Follower({
    store: ledger,
    apply: (row) => applied.push(row.seq),
    clear: () => {
      clears++;
    },
  });
});

function commit(count: number): void {
  for (let i = 0; i < count; i++) ledger.commit();
}

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

const tails = () => ledger.reads.list('tail').length;

test('before anything, nothing is applied', () => {
  expect(follower.applied).toEqual(genesis);
});

describe('catching up', () => {
  test.each(['at once', 'soon'] as const)('applies every row once and in order, %s', async (pace) => {
    ledger.reads.pace = pace;
    commit(3);
    await follower.catchUp();
    expect(applied).toEqual([1, 2, 3]);
    expect(follower.applied).toEqual({ seq: 3, hash: ledger.rows[2]?.hash });
    await follower.catchUp();
    commit(2);
    await follower.catchUp();
    expect(applied).toEqual([1, 2, 3, 4, 5]);
  });

  test.each(['at once', 'soon'] as const)('reads on until there is no more, %s', async (pace) => {
    ledger.reads.pace = pace;
    commit(2500);
    await follower.catchUp();
    expect(applied).toEqual(numbers(1, 2500));
    expect(ledger.reads.list('tail').map(({ asked }) => asked[0])).toEqual([0, 1000, 2000]);
  });

  test.each(['at once', 'soon'] as const)('ends when the last rows fill a read, %s', async (pace) => {
    ledger.reads.pace = pace;
    commit(2000);
    await follower.catchUp();
    expect(applied).toEqual(numbers(1, 2000));
    expect(tails()).toBe(3);
  });

  test('is done before it returns where the store answers at once', () => {
    commit(3);
    void follower.catchUp();
    expect(applied).toEqual([1, 2, 3]);
  });

  test('tells what is applied only once it was', async () => {
    const seen: number[] = [];
    const watched = new Follower({
      store: ledger,
      apply: () => seen.push(watched.applied.seq),
      clear: () => {},
    });
    commit(3);
    await watched.catchUp();
    expect(seen).toEqual([0, 1, 2]);
  });

  test('passes over rows that it has already applied', async () => {
    commit(3);
    await follower.catchUp();
    const whole = ledger.tail.bind(ledger);
    ledger.tail = (_, limit) => whole(0, limit);
    commit(1);
    await follower.catchUp();
    expect(applied).toEqual([1, 2, 3, 4]);
  });
});

describe('calls at the same time', () => {
  beforeEach(() => {
    ledger.reads.pace = 'held';
  });

  test('do not share a read that started before them', async () => {
    commit(1);
    const first = follower.catchUp();
    commit(1);
    const second = follower.catchUp();
    ledger.reads.last().pass();
    await first;
    expect(applied).toEqual([1]);
    expect(await isSettled(second)).toBe(false);
    ledger.reads.last().pass();
    await second;
    expect(applied).toEqual([1, 2]);
  });

  test('share the next read, however many they are', async () => {
    const first = follower.catchUp();
    commit(1);
    const others = Array.from({ length: 10 }, () => follower.catchUp());
    ledger.reads.last().pass();
    await first;
    await turns();
    expect(tails()).toBe(2);
    ledger.reads.last().pass();
    await Promise.all(others);
    expect(applied).toEqual([1]);
    expect(tails()).toBe(2);
  });

  test('that come while the next read runs get one of their own', async () => {
    const first = follower.catchUp();
    const second = follower.catchUp();
    ledger.reads.last().pass();
    await first;
    await turns();
    commit(1);
    const third = follower.catchUp();
    ledger.reads.last().pass();
    await second;
    expect(applied).toEqual([]);
    expect(await isSettled(third)).toBe(false);
    ledger.reads.last().pass();
    await third;
    expect(applied).toEqual([1]);
  });

  test('do not share an earlier part of a read in parts either', async () => {
    commit(1500);
    const first = follower.catchUp();
    ledger.reads.last().pass();
    await turns();
    expect(applied).toHaveLength(1000);
    const second = follower.catchUp();
    ledger.reads.last().pass();
    await first;
    expect(applied).toHaveLength(1500);
    expect(await isSettled(second)).toBe(false);
    ledger.reads.last().pass();
    await second;
  });

  test('all find what was committed before them, in whatever order reads end', async () => {
    const calls: Promise<void>[] = [];
    for (let round = 0; round < 20; round++) {
      const seq = ledger.commit();
      calls.push(follower.catchUp().then(() => expect(follower.applied.seq).toBeGreaterThanOrEqual(seq)));
      if (round % 3 === 0) await turns(1);
      if (round % 2 === 0) ledger.reads.last().pass();
    }
    const all = Promise.all(calls);
    while (!(await isSettled(all))) ledger.reads.last().pass();
    await all;
    expect(applied).toEqual(numbers(1, 20));
  });
});

describe('a failure', () => {
  test.each(['at once', 'soon'] as const)(
    'is told by the promise, %s, and the next call goes on',
    async (pace) => {
      ledger.reads.pace = pace;
      commit(2);
      ledger.reads.failure = new Error('gone');
      // Not thrown by the call itself: nobody looks for it there.
      const failed = follower.catchUp();
      await expect(failed).rejects.toThrow('gone');
      expect(applied).toEqual([]);
      ledger.reads.failure = null;
      await follower.catchUp();
      expect(applied).toEqual([1, 2]);
    },
  );

  test('of one read is not that of those who came later', async () => {
    ledger.reads.pace = 'held';
    commit(1);
    const first = follower.catchUp();
    const second = follower.catchUp();
    ledger.reads.last().fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await turns();
    ledger.reads.last().pass();
    await second;
    expect(applied).toEqual([1]);
  });

  test('half-way keeps what was applied', async () => {
    ledger.reads.pace = 'held';
    commit(1500);
    const first = follower.catchUp();
    ledger.reads.last().pass();
    await turns();
    ledger.reads.last().fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    ledger.reads.pace = 'soon';
    await follower.catchUp();
    expect(applied).toEqual(numbers(1, 1500));
  });
});

describe('a restart', () => {
  test.each(['at once', 'soon'] as const)(
    'forgets everything and goes on from the head, %s',
    async (pace) => {
      ledger.reads.pace = pace;
      commit(5);
      await follower.restart();
      expect(clears).toBe(1);
      expect(applied).toEqual([]);
      expect(follower.applied).toEqual({ seq: 5, hash: ledger.rows[4]?.hash });
      commit(1);
      await follower.catchUp();
      expect(applied).toEqual([6]);
    },
  );

  test('follows a ledger that is shorter', async () => {
    commit(5);
    await follower.catchUp();
    ledger.replace(2);
    await follower.restart();
    expect(clears).toBe(1);
    expect(follower.applied).toEqual({ seq: 2, hash: ledger.rows[1]?.hash });
    commit(1);
    await follower.catchUp();
    expect(applied).toEqual([1, 2, 3, 4, 5, 3]);
  });

  test('forgets after the head was read, so that nothing older can come into memory in between', async () => {
    ledger.reads.pace = 'held';
    const restarting = follower.restart();
    await turns();
    expect(clears).toBe(0);
    ledger.reads.last().pass();
    await restarting;
    expect(clears).toBe(1);
  });

  test('that fails changes nothing', async () => {
    commit(2);
    await follower.catchUp();
    ledger.reads.failure = new Error('gone');
    await expect(follower.restart()).rejects.toThrow('gone');
    expect([clears, follower.applied.seq]).toEqual([0, 2]);
  });
});
