import { listKeysQuery } from '@keywright/contract';
import { expect, test } from 'vitest';
import { readQuery, validateQuery } from './query.ts';

test('parameters are decoded', () => {
  expect(readQuery('search=a+b%26c&limit=5')).toEqual({ search: 'a b&c', limit: '5' });
});

test('no query has no parameters', () => {
  expect(readQuery('')).toEqual({});
});

test.each(['limit=1&limit=1', 'limit=1&%6cimit=2', 'limit&limit'])('%s names a parameter twice', (search) => {
  expect(() => readQuery(search)).toThrow(
    expect.objectContaining({
      code: 'validation_failed',
      detail: 'limit must not be given twice.',
      errors: [{ path: 'limit', message: 'must not be given twice' }],
    }),
  );
});

test('a parameter that is named like a part of every object is only a parameter', () => {
  expect(Object.keys(readQuery('__proto__=1&constructor=2'))).toEqual(['__proto__', 'constructor']);
});

test('a route without parameters takes none', () => {
  expect(validateQuery(undefined, '')).toEqual({});
  expect(() => validateQuery(undefined, 'key=a')).toThrow(
    expect.objectContaining({ errors: [{ path: 'key', message: 'is not a parameter here' }] }),
  );
});

test('a route with parameters gets them as its schema reads them', () => {
  expect(validateQuery(listKeysQuery, 'limit=5')).toEqual({ limit: 5, sort: '-createdAt' });
});
