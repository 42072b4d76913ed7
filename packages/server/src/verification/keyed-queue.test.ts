import { expect, test } from 'vitest';
import { turns } from '../testing/turns.ts';
import { KeyedQueue } from './keyed-queue.ts';

/** Works that a test lets end, in the order in which they began. */
class Works {
  readonly queue = new KeyedQueue();
  readonly begun: string[] = [];
  readonly #ends = new Map<string, PromiseWithResolvers<string>>();

  add(name: string, ...keys: string[]): Promise<string> {
    const end = Promise.withResolvers<string>();
    this.#ends.set(name, end);
    return this.queue.run(keys, () => {
      this.begun.push(name);
      return end.promise;
    });
  }

  end(name: string): void {
    this.#ends.get(name)?.resolve(name);
  }

  fail(name: string): void {
    this.#ends.get(name)?.reject(new Error(name));
  }
}

test('works of one key go one after the other, those of others beside them', async () => {
  const works = new Works();
  const first = works.add('1', 'a');
  works.add('2', 'a');
  works.add('3', 'b');
  await turns(2);
  expect(works.begun).toEqual(['1', '3']);
  works.end('1');
  expect(await first).toBe('1');
  await turns(2);
  expect(works.begun).toEqual(['1', '3', '2']);
});

test('a work of several keys waits for all of them, and all wait for it', async () => {
  const works = new Works();
  works.add('1', 'a');
  works.add('2', 'b');
  works.add('3', 'a', 'b', 'c');
  works.add('4', 'c');
  works.end('1');
  await turns(3);
  expect(works.begun).toEqual(['1', '2']);
  works.end('2');
  await turns(3);
  expect(works.begun).toEqual(['1', '2', '3']);
  works.end('3');
  await turns(3);
  expect(works.begun).toEqual(['1', '2', '3', '4']);
});

test('one that fails tells its own caller, and holds nobody up', async () => {
  const works = new Works();
  const failing = works.add('1', 'a');
  const next = works.add('2', 'a');
  works.fail('1');
  works.end('2');
  await expect(failing).rejects.toThrow('1');
  expect(await next).toBe('2');
});

test('a key is busy until its last work is done, and then nothing is remembered of it', async () => {
  const works = new Works();
  expect(works.queue.isBusy('a')).toBe(false);
  works.add('1', 'a');
  works.add('2', 'a');
  works.end('1');
  await turns(3);
  expect(works.queue.isBusy('a')).toBe(true);
  works.end('2');
  await works.queue.settle();
  expect(works.queue.isBusy('a')).toBe(false);
});
