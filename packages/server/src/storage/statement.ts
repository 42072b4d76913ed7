import { CompiledQuery, type Kysely } from 'kysely';
import type { Engine } from './engine.ts';
import type { Schema } from './schema.ts';
import { parameter } from './sqlite-compiler.ts';

/**
 * Runs a statement that is written out as SQL: what every change does goes this way, since building and compiling such
 * a query anew each time costs more than the database needs for it. Parameters are `$1`, `$2` …, each used once and in
 * order; both engines prepare the text once.
 */
export interface Run {
  <Row>(text: string, parameters: readonly unknown[]): Promise<Row[]>;
  /**
   * For a statement whose answer nobody needs. In a transaction on PostgreSQL it is sent and not waited for, so that it
   * costs no round trip: should it fail, the statement after it or the commit does.
   */
  send(text: string, parameters: readonly unknown[]): Promise<void>;
}

export function createRun(db: Kysely<Schema>, engine: Engine): Run {
  const run = async <Row>(text: string, parameters: readonly unknown[]) => {
    const query = CompiledQuery.raw(engine === 'sqlite' ? forSqlite(text) : text, [...parameters]);
    return (await db.executeQuery(query)).rows as Row[];
  };
  return sendByRunning(run);
}

/** Sends a statement by running it to its end, as where nothing is gained by not waiting. */
export function sendByRunning(
  run: <Row>(text: string, parameters: readonly unknown[]) => Promise<Row[]>,
): Run {
  return Object.assign(run, {
    send: async (text: string, parameters: readonly unknown[]) => {
      await run(text, parameters);
    },
  });
}

/** Statements for SQLite, where parameters are written in another way and there are no row locks: it has one writer. */
const sqliteTexts = new Map<string, string>();

export function forSqlite(text: string): string {
  let converted = sqliteTexts.get(text);
  if (converted === undefined) {
    converted = text.replace(/\$\d+/g, parameter).replace(/ FOR (UPDATE|SHARE|KEY SHARE)$/, '');
    sqliteTexts.set(text, converted);
  }
  return converted;
}

const insertTexts = new Map<string, string>();

/** Inserts a row, as `send` does. The rows of a table must all have the same columns, in the same order: its text is made once. */
export async function insertRow(
  run: Run,
  table: string,
  row: Readonly<Record<string, unknown>>,
): Promise<void> {
  let text = insertTexts.get(table);
  if (text === undefined) {
    const columns = Object.keys(row);
    const places = columns.map((_, index) => `$${index + 1}`);
    text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`;
    insertTexts.set(table, text);
  }
  await run.send(text, Object.values(row));
}
