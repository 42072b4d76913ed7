import { describe, expect, test } from 'vitest';
import { type IdKind, id, idPrefixes } from './id.ts';

const kinds = Object.keys(idPrefixes) as IdKind[];
const rest = '0123456789abcdefghjkmnpqrs';

describe.each(kinds)('an id of a %s', (kind) => {
  const prefix = idPrefixes[kind];

  test('has its prefix and 26 characters', () => {
    expect(id(kind).parse(`${prefix}_${rest}`)).toBe(`${prefix}_${rest}`);
    expect(id(kind).safeParse(`${prefix}_tvwxyz${'0'.repeat(20)}`).success).toBe(true);
  });

  test('is of no other kind', () => {
    for (const other of kinds) {
      expect(id(other).safeParse(`${prefix}_${rest}`).success).toBe(other === kind);
    }
  });

  test.each([
    rest,
    `${prefix}${rest}`,
    `${prefix}-${rest}`,
    `${prefix}_${rest.slice(1)}`,
    `${prefix}_${rest}0`,
    `${prefix}_${rest.toUpperCase()}`,
    `${prefix.toUpperCase()}_${rest}`,
    ` ${prefix}_${rest}`,
    `${prefix}_${rest}\n`,
    `${prefix}_${rest}\0`,
    ...['i', 'l', 'o', 'u', '_', "'", '%', 'é'].map((odd) => `${prefix}_${rest.slice(1)}${odd}`),
    '',
    1,
    null,
    [`${prefix}_${rest}`],
  ])('is not %j', (wrong) => {
    expect(id(kind).safeParse(wrong).success).toBe(false);
  });
});
