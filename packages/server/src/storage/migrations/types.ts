/**
 * The types that differ between the engines. Text compares by bytes on both, so that lists sort the same.
 * SQLite's tables are STRICT: a value of the wrong type is refused there as it is on PostgreSQL. Tables that every
 * change writes lie in the tree of their primary key there, which saves a second tree.
 */
export const types = {
  sqlite: {
    text: 'TEXT',
    integer: 'INTEGER',
    bytes: 'BLOB',
    strict: 'STRICT',
    clustered: 'STRICT, WITHOUT ROWID',
  },
  postgres: { text: 'text COLLATE "C"', integer: 'bigint', bytes: 'bytea', strict: '', clustered: '' },
} as const;
