import { expect, test } from 'vitest';
import { turns } from '../testing/turns.ts';
import { Turnstile } from './turnstile.ts';

test('so many run at once, the others in the order in which they came, also after failures', async () => {
  const turnstile = new Turnstile(2);
  const begun: number[] = [];
  const gates = Array.from({ length: 6 }, () => Promise.withResolvers<number>());
  const add = (index: number) =>
    turnstile.run(() => {
      begun.push(index);
      return gates[index]?.promise ?? Promise.resolve(-1);
    });
  const first = [0, 1, 2, 3].map(add);
  await turns(2);
  expect(begun).toEqual([0, 1]);
  gates[1]?.reject(new Error('failed'));
  await expect(first[1]).rejects.toThrow('failed');
  await turns(2);
  expect(begun).toEqual([0, 1, 2]);
  gates[0]?.resolve(10);
  gates[2]?.resolve(12);
  gates[3]?.resolve(13);
  expect(await Promise.all([first[0], first[2], first[3]])).toEqual([10, 12, 13]);
  const second = [4, 5].map(add);
  await turns(2);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  gates[4]?.resolve(14);
  gates[5]?.resolve(15);
  expect(await Promise.all(second)).toEqual([14, 15]);
});
