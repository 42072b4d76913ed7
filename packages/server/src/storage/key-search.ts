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

/** Every second one tells nearly as much as all of them. */
function sequencesOf(characters: string[]): Set<string> {
  const sequences = new Set([characters.slice(-3).join('')]);
  for (let i = 0; i + 3 <= characters.length; i += 2) sequences.add(characters.slice(i, i + 3).join(''));
  return sequences;
}

function quoted(sequence: string): string {
  return `"${sequence.replaceAll('"', '""')}"`;
}
