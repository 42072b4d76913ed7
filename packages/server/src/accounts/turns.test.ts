import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

const refuse = () => new Error('too many');

test('so many run at a time, the others in their order, and who comes when too many wait is turned away', async () => {
  const turns = new Turns({ maxRunning: 2, maxWaiting: 3 });
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const running = gates.map(({ promise }, index) =>
    turns.take(async () => {
      begun.push(index);
      await promise;
      return index;
    }, refuse),
  );
  await expect(turns.take(async () => 5, refuse)).rejects.toThrow('too many');
  expect(begun).toEqual([0, 1]);
  gates[1]?.resolve();
  await running[1];
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1, 2]);
  for (const { resolve } of gates) resolve();
  expect(await Promise.all(running)).toEqual([0, 1, 2, 3, 4]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

test('a turn that fails makes room like any other', async () => {
  const turns = new Turns({ maxRunning: 1, maxWaiting: 1 });
  const failing = turns.take(() => Promise.reject(new Error('no')), refuse);
  const next = turns.take(async () => 'next', refuse);
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('next');
  expect(await turns.take(async () => 'free', refuse)).toBe('free');
});
