import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createShutdown } from './shutdown.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function begin(stop: () => Promise<void>) {
  const lines: string[] = [];
  const exitCodes: number[] = [];
  const logger = pino({}, { write: (line) => lines.push(line) });
  const shutdown = createShutdown({ stop, logger, exit: (code) => exitCodes.push(code) });
  return { shutdown, lines, exitCodes };
}

test('it stops once and exits with 0', async () => {
  const stop = vi.fn(async () => {});
  const { shutdown, exitCodes } = begin(stop);
  shutdown.begin('SIGTERM');
  expect(await shutdown.done).toBe(0);
  expect(exitCodes).toEqual([0]);
  expect(stop).toHaveBeenCalledOnce();
});

test('a second signal exits with 1 at once, but not the echo of the first', () => {
  const stop = vi.fn(() => new Promise<void>(() => {}));
  const { shutdown, exitCodes } = begin(stop);
  shutdown.begin('SIGTERM');
  shutdown.begin('SIGTERM');
  vi.advanceTimersByTime(400);
  shutdown.begin('SIGTERM');
  expect(exitCodes).toEqual([]);
  vi.advanceTimersByTime(200);
  shutdown.begin('SIGINT');
  expect(exitCodes).toEqual([1]);
  expect(stop).toHaveBeenCalledOnce();
});

test('a stop that takes longer than 5 s is given up, with a line in the log', async () => {
  const { shutdown, exitCodes, lines } = begin(() => new Promise(() => {}));
  shutdown.begin('SIGTERM');
  await vi.advanceTimersByTimeAsync(4999);
  expect(exitCodes).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(exitCodes).toEqual([1]);
  expect(lines.at(-1)).toContain('not stopped after 5000 ms');
});

test('a stop that fails exits with 1 and says why', async () => {
  const { shutdown, exitCodes, lines } = begin(() => Promise.reject(new Error('disk full')));
  shutdown.begin('SIGTERM');
  expect(await shutdown.done).toBe(1);
  expect(exitCodes).toEqual([1]);
  expect(lines.at(-1)).toContain('disk full');
  expect(vi.getTimerCount()).toBe(0);
});
