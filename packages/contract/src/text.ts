import { z } from 'zod';

/**
 * Text that every layer below can store: no lone surrogates (they have no UTF-8 form) and no control characters
 * (PostgreSQL refuses NUL, and the others turn a list or a log line into something else than it seems).
 */
export function isPlainText(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return value.isWellFormed() && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value);
}

/** As `isPlainText`, but lines and tabs may stand in it. */
export function isPlainParagraph(value: string): boolean {
  return isPlainText(value.replace(/[\n\r\t]/g, ' '));
}

/**
 * Whether nothing in it turns the order of what is read around: embeddings, overrides and isolates of the bidirectional
 * algorithm. With one of them a name can look like another one, and reach beyond its end into what is shown after it. Text
 * that is written from right to left needs none of them; the marks (U+200E, U+200F, U+061C) do no harm and stay.
 */
export function keepsReadingOrder(value: string): boolean {
  return !/[\u202a-\u202e\u2066-\u2069]/.test(value);
}

/**
 * Whether a person sees anything of it. Joiners, variation selectors, fillers and the like show nothing by themselves;
 * between other characters they belong to emoji and to many scripts.
 */
export function isVisible(value: string): boolean {
  return /[^\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cf}\u2800]/u.test(value);
}

/** Characters as a person counts them: code points, not UTF-16 units. */
export function countCharacters(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}

export const turnsOrder =
  'must not hold characters that turn the reading order around (U+202A to U+202E, U+2066 to U+2069)';

interface TextOptions {
  min?: number;
  max: number;
  lines?: boolean;
}

/** A string of `min` to `max` characters without surrounding space, which shows what it is. */
export function text({ min = 1, max, lines = false }: TextOptions) {
  return z
    .string()
    .trim()
    .refine(lines ? isPlainParagraph : isPlainText, {
      error: 'must be well-formed text without control characters',
      abort: true,
    })
    .refine(keepsReadingOrder, { error: turnsOrder, abort: true })
    .refine((value) => value === '' || isVisible(value), { error: 'must not be invisible', abort: true })
    .refine((value) => countCharacters(value) >= min, {
      error: min === 1 ? 'must not be empty' : `must have at least ${min} characters`,
    })
    .refine((value) => countCharacters(value) <= max, { error: `must have at most ${max} characters` })
    .meta({ minLength: min, maxLength: max });
}

const firstTime = Date.parse('0000-01-01T00:00:00.000Z');
const lastTime = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * A time in RFC 3339 with any offset, read into milliseconds since 1970 (finer digits are cut off). An offset can lead
 * out of the years that RFC 3339 can write: such a time could be stored, but not answered.
 */
export const timeInput = z.iso
  .datetime({ offset: true, error: 'must be a time in RFC 3339, such as 2027-01-31T12:00:00Z' })
  .transform((value) => Date.parse(value))
  .refine((value) => value >= firstTime && value <= lastTime, {
    error: 'must be in the years 0000 to 9999 in UTC',
  });

/** A time as it is answered: RFC 3339 in UTC with milliseconds. */
export const time = z.iso.datetime();
