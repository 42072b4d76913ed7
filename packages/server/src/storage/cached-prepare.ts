import type Database from 'better-sqlite3';

export type Prepare = (sql: string) => Database.Statement;

const maxStatements = 200;

/** Statements are compiled once: a change, and a list, runs the same handful over and over. */
export function cachedPrepare(database: Database.Database): Prepare {
  const statements = new Map<string, Database.Statement>();
  return (sql) => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    if (statements.size >= maxStatements) statements.clear();
    statements.set(sql, statement);
    return statement;
  };
}
