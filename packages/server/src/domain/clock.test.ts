import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SystemClock } from './clock.ts';

const minuteMs = 60_000;
const yearMs = 365 * 24 * 60 * minuteMs;
let clock: SystemClock;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  clock = new SystemClock();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Time goes by, and the clock is looked at each minute. */
function pass(minutes: number): void {
  for (let i = 0; i < minutes; i++) {
    vi.advanceTimersByTime(minuteMs);
    clock.isSettled();
  }
}

function setWall(byMs: number): void {
  vi.setSystemTime(Date.now() + byMs);
}

test('is settled ten minutes after the start', () => {
  expect(clock.isSettled()).toBe(false);
  pass(9);
  expect(clock.isSettled()).toBe(false);
  pass(1);
  expect(clock.isSettled()).toBe(true);
  pass(1000);
  expect(clock.isSettled()).toBe(true);
});

test('is not when it was set, forward or back, until ten minutes later', () => {
  clock.isSettled();
  pass(10);
  for (const step of [10 * yearMs, -10 * yearMs, -60 * minuteMs]) {
    setWall(step);
    expect(clock.isSettled()).toBe(false);
    pass(9);
    expect(clock.isSettled()).toBe(false);
    pass(1);
    expect(clock.isSettled()).toBe(true);
  }
});

test('nor when the database’s clock was', () => {
  clock.isSettled();
  pass(10);
  clock.setOffset(yearMs);
  expect(clock.isSettled()).toBe(false);
  pass(10);
  expect(clock.isSettled()).toBe(true);
});

test('stays settled when it is corrected by seconds', () => {
  clock.isSettled();
  pass(10);
  setWall(-5000);
  expect(clock.isSettled()).toBe(true);
  setWall(8000);
  expect(clock.isSettled()).toBe(true);
});
