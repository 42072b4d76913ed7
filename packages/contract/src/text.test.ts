import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countCharacters, isPlainParagraph, isPlainText, text, time, timeInput } from './text.ts';

const controls = [...'\0\b\t\n\v\f\r\u001b\u001f\u007f\u0080\u0085\u009b\u009f\u2028\u2029'];
const lines = ['\n', '\r', '\t'];

describe('plain text', () => {
  test.each(['', 'a', 'Straße', '日本語', '😀👩‍👩‍👧', 'العربية', '\u00a0', '\u200d', '\ufeff', '"\'<>&\\'])(
    'is %j',
    (value) => {
      expect(isPlainText(value)).toBe(true);
      expect(isPlainParagraph(value)).toBe(true);
    },
  );

  test.each(controls)('is nothing with %j in it', (control) => {
    for (const value of [control, `a${control}b`, `a${control}`, `${control}b`]) {
      expect(isPlainText(value)).toBe(false);
      expect(isPlainParagraph(value)).toBe(lines.includes(control));
    }
  });

  test.each(['\ud800', 'a\udc00b', '\udc00\ud800', '😀'.slice(0, 1), '😀'.slice(1)])(
    'is nothing with half a character in it: %j',
    (value) => {
      expect(isPlainText(value)).toBe(false);
      expect(isPlainParagraph(value)).toBe(false);
    },
  );

  test('survives the way through UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), (value) => {
        const again = new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(value));
        if (isPlainParagraph(value)) expect(again).toBe(value);
        if (again !== value) expect(isPlainText(value)).toBe(false);
      }),
    );
  });
});

describe('a text', () => {
  const name = text({ max: 5 });

  test.each([
    ['a', 'a'],
    ['abcde', 'abcde'],
    ['  abc \n', 'abc'],
    ['\ufeffabc\u00a0', 'abc'],
    ['a  b', 'a  b'],
    ['😀😀😀😀😀', '😀😀😀😀😀'],
    ['null', 'null'],
  ])('%j is read as %j', (given, read) => {
    expect(name.parse(given)).toBe(read);
  });

  test.each(['', '   ', '\n', 'abcdef', '😀😀😀😀😀😀', 'a\0', 'a\nb', 'a\u2028b', '\ud800'])(
    '%j is refused',
    (given) => {
      expect(name.safeParse(given).success).toBe(false);
    },
  );

  test.each([null, undefined, 1, true, ['a'], { toString: () => 'a' }, new String('a')])(
    '%j is not made into one',
    (given) => {
      expect(name.safeParse(given).success).toBe(false);
    },
  );

  test('of lines may have lines and tabs, and nothing else of the kind', () => {
    const description = text({ max: 10, lines: true });
    expect(description.parse('a\nb\r\n\tc')).toBe('a\nb\r\n\tc');
    expect(description.safeParse('a\0b').success).toBe(false);
    expect(description.safeParse('a\u2028b').success).toBe(false);
  });

  test('of a megabyte is refused', () => {
    expect(name.safeParse('a'.repeat(1_048_576)).success).toBe(false);
  });

  test('tells one fault, not all that follow from it', () => {
    expect(name.safeParse('\0'.repeat(9)).error?.issues).toHaveLength(1);
  });

  test('is as long as a person counts', () => {
    expect(['', 'a', 'ä', '😀', 'a😀b', '\ud800'].map(countCharacters)).toEqual([0, 1, 1, 1, 3, 1]);
  });
});

describe('a time', () => {
  test.each([
    ['2027-01-31T12:00:00Z', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31T12:00:00.5Z', '2027-01-31T12:00:00.500Z'],
    ['2027-01-31T12:00:00.123Z', '2027-01-31T12:00:00.123Z'],
    ['2027-01-31T12:00:00+02:00', '2027-01-31T10:00:00.000Z'],
    ['2027-01-31T12:00:00-05:30', '2027-01-31T17:30:00.000Z'],
    ['2027-01-31T12:00:00+00:00', '2027-01-31T12:00:00.000Z'],
    ['2027-01-01T00:00:00+14:00', '2026-12-31T10:00:00.000Z'],
    ['2026-12-31T23:59:59-23:59', '2027-01-01T23:58:59.000Z'],
    // What is finer than a millisecond is cut off, never rounded up.
    ['2027-01-31T12:00:00.1239999Z', '2027-01-31T12:00:00.123Z'],
    ['2027-01-31T23:59:59.999999999Z', '2027-01-31T23:59:59.999Z'],
    ['1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
    // Leap years.
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    // The first and the last.
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['9999-12-31T23:59:59+00:01', '9999-12-31T23:58:59.000Z'],
  ])('%s is read as %s', (given, read) => {
    expect(new Date(timeInput.parse(given)).toISOString()).toBe(read);
  });

  test.each([
    ['a day that does not exist', '2027-02-30T00:00:00Z'],
    ['a leap day in no leap year', '2027-02-29T00:00:00Z'],
    ['a leap day in no leap year', '2100-02-29T00:00:00Z'],
    ['a day that does not exist', '2027-04-31T00:00:00Z'],
    ['a day 0', '2027-01-00T00:00:00Z'],
    ['a month 13', '2027-13-01T00:00:00Z'],
    ['an hour 24', '2027-01-01T24:00:00Z'],
    ['a minute 60', '2027-01-01T00:60:00Z'],
    ['a leap second', '2027-01-01T23:59:60Z'],
    ['an offset of a day', '2027-01-01T00:00:00+24:00'],
    ['an offset of 60 minutes', '2027-01-01T00:00:00+01:60'],
    ['a year beyond what can be written, by its offset', '9999-12-31T23:59:59-00:01'],
    ['a year before what can be written, by its offset', '0000-01-01T00:00:00+00:01'],
    ['a year of five digits', '10000-01-01T00:00:00Z'],
    ['a year with a sign', '+010000-01-01T00:00:00Z'],
    ['a date alone', '2027-01-01'],
    ['a time without an offset', '2027-01-01T00:00:00'],
    ['a space for the T', '2027-01-01 00:00:00Z'],
    ['spaces around', ' 2027-01-01T00:00:00Z '],
    ['a line behind', '2027-01-01T00:00:00Z\n'],
    ['the words of HTTP', 'Fri, 01 Jan 2027 00:00:00 GMT'],
    ['milliseconds as text', '1798761600000'],
    ['milliseconds', 1_798_761_600_000],
    ['a Date', new Date()],
    ['nothing', ''],
    ['null', null],
  ])('%s is refused: %j', (_, given) => {
    expect(timeInput.safeParse(given).success).toBe(false);
  });

  test('that is read can be answered, whatever its offset', () => {
    const two = (max: number) => fc.nat(max).map((n) => String(n).padStart(2, '0'));
    const written = fc
      .record({
        year: fc.oneof(fc.constantFrom(0, 1, 1970, 9998, 9999), fc.nat(9999)),
        date: fc.constantFrom('01-01', '06-15', '12-31'),
        clock: fc.tuple(two(23), two(59), two(59)).map((parts) => parts.join(':')),
        offset: fc.oneof(
          fc.constant('Z'),
          fc.tuple(fc.constantFrom('+', '-'), two(23), two(59)).map(([s, h, m]) => `${s}${h}:${m}`),
        ),
      })
      .map(({ year, date, clock, offset }) => `${String(year).padStart(4, '0')}-${date}T${clock}${offset}`);
    fc.assert(
      fc.property(written, (given) => {
        const parsed = timeInput.safeParse(given);
        if (!parsed.success) return;
        expect(time.safeParse(new Date(parsed.data).toISOString()).success).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
