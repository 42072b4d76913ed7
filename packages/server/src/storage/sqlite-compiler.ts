import { SqliteDialect, SqliteQueryCompiler } from 'kysely';

/**
 * A parameter of a statement for SQLite. The sign changes no value of whatever type, and keeps SQLite from asking
 * whether a partial index would do for just this value: where it asks once, it compiles the statement anew each time
 * that another value is bound, which takes many times as long as a point read. So an index `WHERE kind = 'a'` is found
 * by `kind = 'a'` that is written out, and not by a parameter.
 */
export const parameter = '+?';

/** Writes queries for SQLite, with parameters as above. */
export class StableSqliteCompiler extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return parameter;
  }
}

/** SQLite on this thread, its queries written as above. */
export class StableSqliteDialect extends SqliteDialect {
  override createQueryCompiler(): SqliteQueryCompiler {
    return new StableSqliteCompiler();
  }
}
