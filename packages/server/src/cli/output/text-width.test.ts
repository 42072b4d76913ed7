import { expect, test } from 'vitest';
import { shorten, textWidth } from './text-width.ts';

test.each([
  ['', 0],
  ['key', 3],
  ['Größe', 5],
  ['e\u0301', 1],
  ['漢字', 4],
  ['👩‍👩‍👧', 2],
  ['ｗｉｄｅ', 8],
  ['…', 1],
])('%j takes %i columns', (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test.each([
  ['Production', 10, 'Production'],
  ['Production', 9, 'Producti…'],
  ['漢字漢字', 6, '漢字…'],
  ['👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 5, '👩‍👩‍👧👩‍👩‍👧…'],
])('%j in %i columns is %j', (text, width, shown) => {
  expect(shorten(text, width)).toBe(shown);
});
