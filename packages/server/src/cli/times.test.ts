import { expect, test } from 'vitest';
import { parseDuration, parseMoment } from './times.ts';

test.each([
  ['0', 0],
  ['90s', 90],
  ['15m', 900],
  ['24h', 86_400],
  ['30d', 2_592_000],
  ['2w', 1_209_600],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(['', '1', '-1d', '1.5h', 'd', '1 d', '1y', '99999999d'])('%j is no duration', (text) => {
  expect(() => parseDuration(text)).toThrow(/such as/);
  expect(() => parseMoment(text)).toThrow(/such as/);
});

test('a moment is a time, a day or a duration from now', () => {
  expect(parseMoment('2027-01-31T12:00:00+01:00')).toBe('2027-01-31T12:00:00+01:00');
  expect(parseMoment('2027-01-31 12:00:00Z')).toBe('2027-01-31T12:00:00Z');
  expect(parseMoment('2027-01-31')).toBe('2027-01-31T00:00:00Z');
  expect(Math.abs(Date.parse(parseMoment('1h')) - Date.now() - 3_600_000)).toBeLessThan(5000);
});

test.each(['soon', '2027-13-31', '2027', 'tomorrow', '2027-01-31Tx'])('%j is no moment', (text) => {
  expect(() => parseMoment(text)).toThrow(/such as/);
});
