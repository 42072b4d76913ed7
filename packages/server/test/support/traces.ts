import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './engines.ts';

/**
 * Where in a database a text still stands, in whatever case: in which of SQLite's files, byte by byte, or in which of
 * PostgreSQL's tables.
 */
export async function tracesOf(place: Place, texts: string[]): Promise<string[]> {
  return place.engine === 'sqlite' ? inFiles(place.location, texts) : inTables(place, texts);
}

function inFiles(directory: string, texts: string[]): string[] {
  const found: string[] = [];
  for (const file of readdirSync(directory)) {
    const content = readFileSync(join(directory, file)).toString('latin1').toLowerCase();
    for (const text of texts) {
      const bytes = Buffer.from(text.toLowerCase()).toString('latin1').toLowerCase();
      if (content.includes(bytes)) found.push(`${text} in ${file}`);
    }
  }
  return found;
}

async function inTables(place: Place, texts: string[]): Promise<string[]> {
  const tables = await place.query<{ name: string }>(
    `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await place.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    for (const text of texts) {
      if (rows.some(({ row }) => row.toLowerCase().includes(text.toLowerCase())))
        found.push(`${text} in ${name}`);
    }
  }
  return found;
}
