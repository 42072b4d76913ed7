import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from '../printable.ts';
import { formatJson } from './json.ts';

test('what is printed means the same, and nothing in it steers a terminal', () => {
  const awkward = '👩‍👩‍👧 \u001b[2J \u009b1m \u007f \u2028 \u200b \u{e0041} "quoted" \\';
  const text = formatJson({ [awkward]: [awkward] });
  expect(JSON.parse(text)).toEqual({ [awkward]: [awkward] });
  expect(printable(text)).toBe(text);
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
});

test('of whatever value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
      const text = formatJson(value, indent);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(printable(text)).toBe(text);
    }),
  );
});
