import { expect, test } from 'vitest';
import { searchPattern } from './key-search.ts';

test('a short text is its own pattern, with what has a meaning there marked as text', () => {
  expect(searchPattern('Maps')).toStrictEqual({ pattern: '%maps%', isExact: true });
  expect(searchPattern('a%_\\')).toStrictEqual({ pattern: '%a\\%\\_\\\\%', isExact: true });
});

test('of a longer one every second three characters are left open, and the last three are kept', () => {
  expect(searchPattern('Production')).toStrictEqual({ pattern: '%pro___tion%', isExact: false });
  expect(searchPattern('abcdefghijklmnopqr')).toStrictEqual({
    pattern: '%abc___ghi___mnopqr%',
    isExact: false,
  });
  expect(searchPattern('100%_of_it')).toStrictEqual({ pattern: '%100___f\\_it%', isExact: false });
});

test('a character of two UTF-16 units is one', () => {
  expect(searchPattern('🗝🗝🗝🗝🗝🗝abc').pattern).toBe('%🗝🗝🗝___abc%');
});

test('a text in which the index knows no sequence is left whole', () => {
  for (const text of ['- - - - - - -', 'ключ для карты', 'a-bc-de-fg']) {
    expect(searchPattern(text)).toStrictEqual({ pattern: `%${text}%`, isExact: true });
  }
});
