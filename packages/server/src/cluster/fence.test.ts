import { beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { Fence } from './fence.ts';

const leaseMs = 10_000;
const hourMs = 3_600_000;
let clock: FakeClock;
let fence: Fence;

beforeEach(() => {
  clock = new FakeClock();
  fence = new Fence(clock);
});

function renew(): void {
  fence.renew({ monotonic: clock.monotonic(), wall: clock.wall() }, leaseMs);
}

test('is closed before the first heartbeat', () => {
  expect(fence.isOpen()).toBe(false);
});

test('is open for exactly one lease', () => {
  renew();
  expect(fence.isOpen()).toBe(true);
  clock.pass(leaseMs - 1);
  expect(fence.isOpen()).toBe(true);
  clock.pass(1);
  expect(fence.isOpen()).toBe(false);
});

test('counts the lease from before the heartbeat was sent', () => {
  const sent = { monotonic: clock.monotonic(), wall: clock.wall() };
  clock.pass(leaseMs - 1);
  fence.renew(sent, leaseMs);
  expect(fence.isOpen()).toBe(true);
  clock.pass(1);
  expect(fence.isOpen()).toBe(false);
});

test('stays closed when the heartbeat came back after its lease', () => {
  const sent = { monotonic: clock.monotonic(), wall: clock.wall() };
  clock.pass(leaseMs);
  fence.renew(sent, leaseMs);
  expect(fence.isOpen()).toBe(false);
});

test('opens again with the next heartbeat', () => {
  renew();
  clock.pass(2 * leaseMs);
  renew();
  expect(fence.isOpen()).toBe(true);
});

test('closes at once', () => {
  renew();
  fence.close();
  expect(fence.isOpen()).toBe(false);
  renew();
  expect(fence.isOpen()).toBe(true);
});

test('is not opened by a heartbeat that was sent before it was closed', () => {
  const sent = { monotonic: clock.monotonic(), wall: clock.wall() };
  clock.pass(1);
  fence.close();
  fence.renew(sent, leaseMs);
  expect(fence.isOpen()).toBe(false);
  renew();
  expect(fence.isOpen()).toBe(true);
});

describe('a wall clock that is set', () => {
  test('back an hour makes no lease longer', () => {
    renew();
    clock.setWall(-hourMs);
    expect(fence.isOpen()).toBe(true);
    clock.pass(leaseMs - 1);
    expect(fence.isOpen()).toBe(true);
    clock.pass(1);
    expect(fence.isOpen()).toBe(false);
  });

  test('forward an hour closes it until the next heartbeat', () => {
    renew();
    clock.setWall(hourMs);
    expect(fence.isOpen()).toBe(false);
    renew();
    expect(fence.isOpen()).toBe(true);
    clock.pass(leaseMs);
    expect(fence.isOpen()).toBe(false);
  });

  test('forward and back between two heartbeats leaves the lease as it was', () => {
    renew();
    clock.setWall(hourMs);
    clock.setWall(-hourMs);
    clock.pass(leaseMs - 1);
    expect(fence.isOpen()).toBe(true);
    clock.pass(1);
    expect(fence.isOpen()).toBe(false);
  });
});

test('a machine that slept past its lease finds it closed, although its monotonic clock stood still', () => {
  renew();
  clock.suspend(leaseMs - 1);
  expect(fence.isOpen()).toBe(true);
  clock.suspend(1);
  expect(fence.isOpen()).toBe(false);
});

test('takes a reading of the wall clock that was just made', () => {
  renew();
  expect(fence.isOpen(clock.wall() + leaseMs - 1)).toBe(true);
  expect(fence.isOpen(clock.wall() + leaseMs)).toBe(false);
  clock.pass(leaseMs);
  expect(fence.isOpen(clock.wall() - leaseMs)).toBe(false);
});
