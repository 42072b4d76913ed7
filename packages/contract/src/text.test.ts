import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countCharacters, isPlainParagraph, isPlainText, isVisible, text, time, timeInput } from './text.ts';

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

  describe.each([
    ['of one line', text({ max: 100 })],
    ['of lines', text({ max: 100, lines: true })],
  ])('%s', (_, any) => {
    test.each([...'\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'])(
      'that turns the reading order around with %j is refused',
      (turning) => {
        for (const given of [turning, `a${turning}b`, `${turning}txt.exe`, `a${turning}`]) {
          const [issue, ...more] = any.safeParse(given).error?.issues ?? [];
          expect(issue?.message).toMatch(/reading order/);
          expect(more).toEqual([]);
        }
      },
    );

    test.each([
      '\u200b', // zero width space
      '\u200d\u200c', // joiners
      '\u2060', // word joiner
      '\u00ad', // soft hyphen
      '\u034f', // combining grapheme joiner
      '\u115f\u1160', // Hangul fillers
      '\u3164',
      '\uffa0',
      '\u2800', // Braille without a dot
      '\ufe0f', // variation selector
      '\u200e\u200f\u061c', // marks of direction
      '\u180e', // Mongolian vowel separator
      '\u{e0061}\u{e007f}', // tags
      '\u200b \u200b',
      '\u2061\ufff9',
    ])('that nobody can see is refused: %j', (given) => {
      const [issue, ...more] = any.safeParse(given).error?.issues ?? [];
      expect(issue?.message).toBe('must not be invisible');
      expect(more).toEqual([]);
    });

    test.each([
      'مفتاح الإنتاج 2027',
      'מפתח ייצור (A-7)',
      '\u200fמפתח\u200e API',
      'می\u200cخواهم', // Persian, with the non-joiner that its spelling asks for
      'क्\u200dष कुंजी', // Devanagari with a joiner
      'คีย์การผลิต',
      '生产密钥',
      '생산 키',
      'ключ ёлки',
      'Größe é e\u0301',
      '👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ✈️',
      'ᠮᠣᠩᠭᠣᠯ\u180eᠠ',
      'co\u00adoperate',
      '漢\u{e0100}字',
      '.',
      '-',
      '𝒦',
      '\ue000', // for private use: some font shows it
    ])('that people write is taken as it is: %j', (given) => {
      expect(any.parse(given)).toBe(given);
    });
  });

  test('without any character is empty, not invisible', () => {
    expect(name.safeParse(' ').error?.issues.map(({ message }) => message)).toEqual(['must not be empty']);
  });

  test('is visible with any letter, digit, sign or picture of any script', () => {
    const shown = fc
      .integer({ min: 0x21, max: 0x1fbff })
      .map((code) => String.fromCodePoint(code))
      .filter((character) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(character))
      .filter((character) => !/\p{Default_Ignorable_Code_Point}|\u2800/u.test(character));
    fc.assert(
      fc.property(shown, (character) => {
        expect(isVisible(`\u200b${character}`)).toBe(true);
      }),
      { numRuns: 500 },
    );
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
