import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

/**
 * Texts are searched without regard to case: both sides are folded. By way of capitals, so that `STRASSE` finds `Straße`
 * and a sigma is one at the end of a word too.
 */
export function fold(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

/** Beyond so many sequences that begin with what is searched, it is in so many keys that no index is needed. */
const mostSequences = 64;

/**
 * What to ask SQLite's index of three-character sequences for, to find the texts that may contain `search`. It keeps no
 * positions, so that what it finds must still be looked at.
 * @returns null for one or two characters that are found nearly everywhere
 */
export async function searchIndexQuery(db: Kysely<Schema>, search: string): Promise<string | null> {
  const characters = [...fold(search)];
  if (characters.length >= 3) return [...sequencesOf(characters)].map(quoted).join(' AND ');
  const text = characters.join('');
  const { rows } = await sql<{ term: string }>`
    select term from key_search_terms where term >= ${text} and term < ${`${text}\u{10ffff}`}
    limit ${mostSequences + 1}`.execute(db);
  if (rows.length > mostSequences) return null;
  // If there is none, then neither is this one.
  const found = rows.length === 0 ? [`${text}\n\n`.slice(0, 3)] : rows.map(({ term }) => term);
  return found.map(quoted).join(' OR ');
}

/** Those that lie side by side tell nearly as much as all of them, and each is a list to read. */
function sequencesOf(characters: string[]): Set<string> {
  const sequences = new Set([characters.slice(-3).join('')]);
  for (let i = 0; i + 3 <= characters.length; i += 3) sequences.add(characters.slice(i, i + 3).join(''));
  return sequences;
}

/**
 * What to compare texts with on PostgreSQL, to find those that contain `search`. Its index is asked for every sequence of
 * three letters or digits in a pattern, and reads a list for each of them: of a longer text every second three are left
 * open, which leaves few keys more to look at (a name among a million keys takes a fifth of the time).
 * @returns the pattern for `like`, and whether it fits nothing but what contains `search`
 */
export function searchPattern(search: string): { pattern: string; isExact: boolean } {
  const characters = [...fold(search)];
  const sparse = characters.map((character, i) =>
    i % 6 < 3 || i >= characters.length - 3 ? character : null,
  );
  const isSparse = sparse.includes(null) && hasSequence(sparse);
  const text = (isSparse ? sparse : characters).map(
    (character) => character?.replace(/[\\%_]/, '\\$&') ?? '_',
  );
  return { pattern: `%${text.join('')}%`, isExact: !isSparse };
}

/** Without a single sequence, the index would be read from end to end. */
function hasSequence(characters: readonly (string | null)[]): boolean {
  return /[a-z0-9]{3}/.test(characters.map((character) => character ?? ' ').join(''));
}

function quoted(sequence: string): string {
  return `"${sequence.replaceAll('"', '""')}"`;
}
