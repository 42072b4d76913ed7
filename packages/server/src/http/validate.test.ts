import {
  createKeyBody,
  createProjectBody,
  createServiceKeyBody,
  listKeysQuery,
  verifyBatchBody,
  verifyBody,
} from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DomainError } from '../domain/error.ts';
import { validate } from './validate.ts';

function faults(schema: z.ZodType, value: unknown, origin: 'body' | 'query' = 'body'): DomainError {
  try {
    validate(schema, value, origin);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was valid');
}

const errors = (...args: Parameters<typeof faults>) => faults(...args).errors;

test('what is valid comes out as the schema reads it', () => {
  expect(validate(createProjectBody, { name: ' P ' }, 'body')).toEqual({ name: 'P', preset: 'standard' });
});

describe('each kind of fault says what to do', () => {
  test.each([
    ['a missing field', createProjectBody, {}, 'name', 'is required'],
    ['a wrong type', createProjectBody, { name: 5 }, 'name', 'must be a string'],
    ['null where it means nothing', createProjectBody, { name: null }, 'name', 'must be a string'],
    ['no object', createProjectBody, [], '', 'must be an object'],
    ['null as a whole', createProjectBody, null, '', 'must be an object'],
    ['an unknown field', createKeyBody, { status: 'active' }, 'status', 'is not a field here'],
    ['an empty string', createKeyBody, { ownerId: '' }, 'ownerId', 'must not be empty'],
    ['an empty text', createKeyBody, { name: ' ' }, 'name', 'must not be empty'],
    [
      'a word that is none of several',
      createProjectBody,
      { name: 'a', preset: 'x' },
      'preset',
      /^must be one of standard, classic, /,
    ],
    [
      'a number that is too large',
      verifyBody,
      { key: 'a', cost: 1_000_001 },
      'cost',
      'must be at most 1000000',
    ],
    ['a number that is too small', verifyBody, { key: 'a', cost: -1 }, 'cost', 'must be at least 0'],
    ['a fraction', verifyBody, { key: 'a', cost: 1.5 }, 'cost', 'must be a whole number'],
    ['a number in a string', verifyBody, { key: 'a', cost: '1' }, 'cost', 'must be a number'],
    ['a list that is too short', verifyBatchBody, { requests: [] }, 'requests', 'must have at least 1 entry'],
    ['no list', verifyBatchBody, { requests: {} }, 'requests', 'must be an array'],
    [
      'a fault in a list',
      verifyBatchBody,
      { requests: [{ key: 'a' }, { key: 1 }] },
      'requests.1.key',
      'must be a string',
    ],
    ['a rule over several fields', verifyBody, {}, '', 'must have either key, or publicId and secret'],
    [
      'a rule in words of its own',
      createServiceKeyBody,
      { name: 'a', scopes: [] },
      'scopes',
      'must name at least one scope',
    ],
    ['a time', createKeyBody, { expiresAt: 'tomorrow' }, 'expiresAt', /^must be a time in RFC 3339/],
    ['an address', verifyBody, { key: 'a', ip: '1.2.3' }, 'ip', 'must be an IPv4 or IPv6 address'],
    [
      'a name in a record',
      createProjectBody,
      { name: 'a', wording: { ü: 'x' } },
      'wording.ü',
      /^has a name that must be 1 to 64/,
    ],
    ['NUL', createKeyBody, { ownerId: 'a\0' }, 'ownerId', /^must be well-formed text/],
    ['half a character', createKeyBody, { name: '\ud800' }, 'name', /^must be well-formed text/],
  ])('%s', (_, schema, value, path, message) => {
    expect(errors(schema, value)).toEqual([
      { path, message: typeof message === 'string' ? message : expect.stringMatching(message) },
    ]);
  });

  test('an unknown parameter', () => {
    expect(errors(listKeysQuery, { page: '2' }, 'query')).toEqual([
      { path: 'page', message: 'is not a parameter here' },
    ]);
  });

  test('a number that is none', () => {
    expect(errors(listKeysQuery, { limit: 'ten' }, 'query')).toEqual([
      { path: 'limit', message: 'must be a whole number' },
    ]);
  });
});

test('every unknown field has an entry of its own', () => {
  expect(errors(verifyBody, { key: 'a', sha256: 'x', used: 1 })?.map(({ path }) => path)).toEqual([
    'sha256',
    'used',
  ]);
});

test.each(['__proto__', 'constructor', 'toString'])('%s is an unknown field as any other', (name) => {
  expect(errors(verifyBody, JSON.parse(`{"key":"a","${name}":{}}`))).toEqual([
    { path: name, message: 'is not a field here' },
  ]);
});

test('the detail tells the first fault in a sentence', () => {
  expect(faults(createProjectBody, { name: 5 }).detail).toBe('name must be a string.');
  expect(faults(verifyBody, {}).detail).toBe('The body must have either key, or publicId and secret.');
  expect(faults(verifyBody, { key: 1, x: 1 }).detail).toBe(
    'key must be a string. And there is more: see `errors`.',
  );
});

test('nothing that was sent as a value is repeated, and of a name only its beginning', () => {
  const secret = `kw_${'Secret0123456789'.repeat(4)}`;
  const schemas = [createKeyBody, createProjectBody, createServiceKeyBody, verifyBody, verifyBatchBody];
  const values = [
    secret,
    [secret],
    { [secret]: secret },
    { name: [secret], preset: secret, requests: secret, key: { secret } },
  ];
  for (const schema of schemas) {
    for (const value of values) {
      const { detail, errors, message } = faults(schema, value);
      expect(JSON.stringify([detail, errors, message])).not.toContain(secret.slice(0, 30));
    }
  }
});

test('many faults do not make a long answer', () => {
  const body = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`field${index}`, 0]));
  expect(errors(createKeyBody, body)).toHaveLength(100);
});

test('every message continues the name of the field', () => {
  const schema = z.strictObject({
    a: z.union([z.string(), z.number()]),
    b: z.literal('x'),
    c: z.email(),
    d: z.int(),
  });
  const messages = errors(schema, { a: true, b: 'y', c: 'z', d: 0.5 })?.map(({ message }) => message);

  expect(messages).toEqual(['is not valid', 'must be x', 'must be a valid email', 'must be a whole number']);
});
