import { expect, test } from 'vitest';
import { FakeClock } from './testing/fake-clock.ts';
import { createDescriptorLook } from './watch-descriptors.ts';

test('a shortage is told once, and its end when none was seen for ten seconds', () => {
  const clock = new FakeClock();
  const told: string[] = [];
  let canOpen = true;
  const look = createDescriptorLook({
    clock,
    logger: { error: () => told.push('short'), info: () => told.push('over') },
    canOpen: () => canOpen,
  });
  const lookFor = (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      look();
      clock.pass(1000);
    }
  };
  lookFor(20);
  expect(told).toEqual([]);
  for (let i = 0; i < 10; i++) {
    canOpen = false;
    lookFor(2);
    canOpen = true;
    lookFor(5);
  }
  expect(told).toEqual(['short']);
  lookFor(10);
  expect(told).toEqual(['short', 'over']);
  lookFor(20);
  canOpen = false;
  lookFor(2);
  expect(told).toEqual(['short', 'over', 'short']);
});
