import type { Engine } from './engine.ts';

type Column = 'text' | 'integer' | 'bytes';

const readers: Record<Engine, Record<Column, (value: string) => string>> = {
  sqlite: { text: (value) => value, integer: (value) => value, bytes: (value) => `unhex(${value})` },
  postgres: {
    text: (value) => value,
    integer: (value) => `(${value})::bigint`,
    bytes: (value) => `decode(${value}, 'hex')`,
  },
};

/**
 * A table that a statement reads from one parameter, the first unless told otherwise: JSON text, an array of rows, each an
 * array of the columns' values in their order (bytes in hex). So one statement writes any number of rows, and is prepared
 * once.
 * @returns SQL that goes after `FROM`
 */
export function jsonInput(
  engine: Engine,
  columns: Readonly<Record<string, Column>>,
  parameter = '$1',
): string {
  const list = Object.entries(columns).map(([name, type], index) => {
    return `${readers[engine][type](`value ->> ${index}`)} AS ${name}`;
  });
  const source =
    engine === 'sqlite'
      ? `json_each(${parameter})`
      : `jsonb_array_elements(${parameter}::jsonb) AS rows (value)`;
  return `(SELECT ${list.join(', ')} FROM ${source}) AS input`;
}
