import { expect, test } from 'vitest';
import { createPatrol } from './patrol.ts';

function follow(map: Map<number, string>) {
  const visited: number[] = [];
  const patrol = createPatrol(map, (key) => visited.push(key));
  return (count: number) => {
    visited.length = 0;
    patrol(count);
    return [...visited];
  };
}

const mapOf = (...keys: number[]) => new Map(keys.map((key) => [key, '']));

test('it comes to all in turn, over and over', () => {
  const next = follow(mapOf(1, 2, 3, 4, 5));
  expect([next(2), next(2), next(2), next(2)]).toEqual([
    [1, 2],
    [3, 4],
    [5, 1],
    [2, 3],
  ]);
});

test('it visits none twice in one portion, and nothing of nothing', () => {
  expect(follow(mapOf(1, 2))(10)).toEqual([1, 2]);
  expect(follow(mapOf())(10)).toEqual([]);
});

test('all that it drops as it goes counts as visited', () => {
  const map = mapOf(1, 2, 3, 4, 5, 6);
  createPatrol(map, (key) => map.delete(key))(4);
  expect([...map.keys()]).toEqual([5, 6]);
});

test('what goes is not visited any more, and what comes gets its turn', () => {
  const map = mapOf(1, 2, 3);
  const next = follow(map);
  expect(next(1)).toEqual([1]);
  map.delete(2);
  map.set(4, '');
  expect(next(2)).toEqual([3, 4]);
  map.clear();
  expect(next(2)).toEqual([]);
  map.set(5, '');
  expect(next(2)).toEqual([5]);
});
