import type { Propagation } from '@keywright/contract';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Follower } from '../ledger/follow.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeLedger } from '../testing/fake-ledger.ts';
import { turns } from '../testing/turns.ts';
import { createBarrier } from './barrier.ts';

const leaseMs = 10_000;
/** What the promise says: the lease as a clock that is one percent slow measures it, and a little. */
const longestMs = 10_350;

let clock: FakeClock;
let ledger: FakeLedger;
let follower: Follower;
let wait: (seq: number) => Promise<Propagation>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], fakeNodeBuiltins: true });
  clock = new FakeClock();
  ledger = new FakeLedger();
  const tail = ledger.tail.bind(ledger);
  ledger.tail = (seq, limit) => {
    // Else a wait without pauses would hang the test instead of failing it.
    if (ledger.reads.list('tail').length > 2000) clock.pass(longestMs);
    return tail(seq, limit);
  };
  follower = new Follower({ store: ledger, apply: () => {}, clear: () => {} });
  wait = createBarrier({ follower, clock, leaseMs });
});

afterEach(() => {
  vi.useRealTimers();
});

/** The outcome, as far as there is one. */
function watch(waiting: Promise<Propagation>): { result: Propagation | null } {
  const outcome: { result: Propagation | null } = { result: null };
  void waiting.then((result) => {
    outcome.result = result;
  });
  return outcome;
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    clock.pass(Math.min(10, ms - passed));
    await vi.advanceTimersByTimeAsync(Math.min(10, ms - passed));
  }
  await turns();
}

test('a row that is applied holds nobody up, and nothing is read for it', async () => {
  ledger.commit();
  await follower.catchUp();
  const reads = ledger.reads.list().length;
  expect(await wait(1)).toEqual({ nodes: 1, acknowledged: 1, elapsedMs: 0 });
  expect(ledger.reads.list()).toHaveLength(reads);
});

test.each(['at once', 'soon'] as const)(
  'a row that is committed is applied, %s, and releases',
  async (pace) => {
    ledger.reads.pace = pace;
    ledger.commit();
    expect(await wait(1)).toEqual({ nodes: 1, acknowledged: 1, elapsedMs: 0 });
    expect(follower.applied.seq).toBe(1);
  },
);

test('it waits for as long as the row takes', async () => {
  ledger.reads.pace = 'held';
  ledger.commit();
  const outcome = watch(wait(1));
  await pass(300);
  expect(outcome.result).toBeNull();
  ledger.reads.last().pass();
  await turns();
  expect(outcome.result).toEqual({ nodes: 1, acknowledged: 1, elapsedMs: 300 });
});

describe('while the database does not answer', () => {
  test.each(['at once', 'soon'] as const)('it ends only when the lease is surely over, %s', async (pace) => {
    ledger.reads.pace = pace;
    ledger.reads.failure = new Error('gone');
    const outcome = watch(wait(1));
    await pass(longestMs - 10);
    expect(outcome.result).toBeNull();
    await pass(40);
    expect(outcome.result).toEqual({ nodes: 1, acknowledged: 0, elapsedMs: expect.any(Number) });
    expect(outcome.result?.elapsedMs).toBeGreaterThanOrEqual(longestMs);
  });

  test('it asks every 20 milliseconds, and is released once the row is applied', async () => {
    ledger.reads.failure = new Error('gone');
    ledger.commit();
    const outcome = watch(wait(1));
    await pass(1000);
    expect(ledger.reads.list('tail').length).toBeGreaterThanOrEqual(45);
    expect(ledger.reads.list('tail').length).toBeLessThanOrEqual(51);
    ledger.reads.failure = null;
    await pass(20);
    expect(outcome.result).toEqual({ nodes: 1, acknowledged: 1, elapsedMs: expect.any(Number) });
  });

  test.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('a wall clock that is set %s an hour neither shortens nor prolongs it', async (_, byMs) => {
    ledger.reads.failure = new Error('gone');
    const outcome = watch(wait(1));
    await pass(1000);
    clock.setWall(byMs);
    await pass(longestMs - 1010);
    expect(outcome.result).toBeNull();
    await pass(40);
    expect(outcome.result?.acknowledged).toBe(0);
  });
});

test.each(['at once', 'soon'] as const)(
  'a row that never comes lets everything else go on, %s',
  async (pace) => {
    ledger.reads.pace = pace;
    const outcome = watch(wait(1));
    await pass(100);
    expect(ledger.reads.list('tail').length).toBeLessThanOrEqual(6);
    expect(outcome.result).toBeNull();
    await pass(longestMs);
    expect(outcome.result?.acknowledged).toBe(0);
  },
);

test('many can wait at once', async () => {
  ledger.reads.pace = 'held';
  const outcomes = [1, 2, 3].map((seq) => watch(wait(seq)));
  for (let i = 0; i < 3; i++) ledger.commit();
  ledger.reads.pace = 'soon';
  ledger.reads.last().pass();
  await pass(20);
  expect(outcomes.map(({ result }) => result?.acknowledged)).toEqual([1, 1, 1]);
});
