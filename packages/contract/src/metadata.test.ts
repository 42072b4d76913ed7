import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { metadata } from './metadata.ts';

/** As it comes over the wire, where names like `__proto__` are names like any other. */
function read(json: string) {
  return metadata.safeParse(JSON.parse(json));
}

function nested(levels: number, kind: 'object' | 'array'): string {
  return kind === 'object'
    ? `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
    : `{"a":${'['.repeat(levels - 1)}1${']'.repeat(levels - 1)}}`;
}

test.each([
  '{}',
  '{"plan":"gold","seats":12,"trial":false,"until":null,"tags":["a",["b"]],"deep":{"er":{}}}',
  '{"lines":"one\\ntwo\\ttab","emoji":"😀","":"no name"}',
  '{"constructor":1,"prototype":2,"toString":3,"hasOwnProperty":4,"length":5}',
  '{"n":-0.5,"big":1e300,"small":5e-324}',
])('%s is kept as it is', (json) => {
  const result = read(json);
  expect(result.success).toBe(true);
  expect(JSON.stringify(result.data)).toBe(JSON.stringify(JSON.parse(json)));
});

test.each(['null', '[]', '"text"', '1', 'true', '[{"a":1}]'])('%s is no object', (json) => {
  const result = read(json);
  expect(result.success).toBe(false);
  expect(result.error?.issues).toEqual([expect.objectContaining({ message: 'must be an object', path: [] })]);
});

test.each([
  ['a number beyond all numbers', '{"a":1e400}'],
  ['one deep inside', '{"a":[{"b":-1e400}]}'],
  ['a NUL', '{"a":"\\u0000"}'],
  ['a NUL in a name', '{"\\u0000":1}'],
  ['a NUL in a list', '{"a":["\\u0000"]}'],
  ['half a character', '{"a":"\\ud800"}'],
  ['half a character in a name', '{"a":{"\\udc00":1}}'],
  ['an escape character', '{"a":"\\u001b[31m"}'],
  ['a separator of lines', '{"a":"\\u2028"}'],
  ['the name __proto__', '{"__proto__":{"admin":true}}'],
  ['the name __proto__ inside', '{"a":[{"__proto__":1}]}'],
])('%s is refused', (_, json) => {
  expect(read(json).success).toBe(false);
});

test('nothing in it becomes part of other objects', () => {
  read('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}');
  expect('admin' in {}).toBe(false);
});

describe('its size', () => {
  const ofBytes = (bytes: number, unit = 'x') => `{"a":"${unit.repeat((bytes - 8) / unit.length)}"}`;

  test('is at most 4 KiB as JSON, in bytes and not in characters', () => {
    expect(read(ofBytes(4096)).success).toBe(true);
    expect(read(ofBytes(4097)).success).toBe(false);
    expect(read(`{"a":"${'é'.repeat(2044)}"}`).success).toBe(true);
    expect(read(`{"a":"${'é'.repeat(2045)}"}`).success).toBe(false);
  });

  test.each(['object', 'array'] as const)('is at most 16 levels: %s', (kind) => {
    expect(read(nested(16, kind)).success).toBe(true);
    expect(read(nested(17, kind)).success).toBe(false);
  });

  test.each([
    ['deep objects', nested(100_000, 'object')],
    ['deep lists', nested(100_000, 'array')],
    ['many fields', `{${Array.from({ length: 150_000 }, (_, i) => `"${i}":1`).join(',')}}`],
    ['many fields inside', `{"a":{${Array.from({ length: 150_000 }, (_, i) => `"${i}":1`).join(',')}}}`],
    ['many entries', `{"a":[${'1,'.repeat(500_000)}1]}`],
    ['many lists', `{"a":[${'[1],'.repeat(250_000)}1]}`],
    ['a long text', `{"a":"${'x'.repeat(1_000_000)}"}`],
  ])('is refused and not a fault of ours, when it is %s', (_, json) => {
    expect(read(json).success).toBe(false);
  });
});

test('what is let in comes back from the database as it was', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary', maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), {
        maxKeys: 5,
      }),
      (value) => {
        const json = JSON.stringify(value);
        const result = read(json);
        if (!result.success) return;
        expect(JSON.stringify(result.data)).toBe(json);
        expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(json))).toBe(
          json,
        );
      },
    ),
  );
});

test('is an object in the document of the API', () => {
  const schema = z.toJSONSchema(metadata, { io: 'input', unrepresentable: 'any' });
  expect(schema).toMatchObject({ type: 'object' });
});
