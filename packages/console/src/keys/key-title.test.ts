import { expect, test } from 'vitest';
import { keyTitle } from './key-title.ts';
import { keyViews } from './presets.ts';

const k = { name: 'Key 1', description: 'Nightly export' };

test('a key has its name in every look that shows names', () => {
  for (const preset of ['standard', 'classic', 'pair', 'channels', 'gateway'] as const) {
    expect(keyTitle(k, keyViews[preset])).toBe('Key 1');
  }
});

test('where no name is asked for or shown, a key is called by how its description begins', () => {
  expect(keyTitle(k, keyViews.table)).toBe('Nightly export');
  expect(keyTitle({ ...k, description: null }, keyViews.table)).toBe('Key 1');
  expect(keyTitle({ ...k, description: 'One line\nand another' }, keyViews.table)).toBe('One line');
  expect(keyTitle({ ...k, description: 'x'.repeat(500) }, keyViews.table)).toBe(`${'x'.repeat(79)}…`);
});
