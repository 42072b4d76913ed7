import type { Engine } from '../engine.ts';
import { types } from './types.ts';

/**
 * What lists of a million keys need: how many keys there are without counting them, the keys of a status in order, and
 * an index of what searches look through. All of it follows the keys by triggers, whoever writes them.
 */
export function scale(engine: Engine): string[] {
  const { text, integer, clustered } = types[engine];
  return [
    `CREATE TABLE key_counts (
      id ${text} PRIMARY KEY,
      count ${integer} NOT NULL
    ) ${clustered}`,
    `INSERT INTO key_counts (id, count)
     SELECT project_id, count(*) FROM keys WHERE deleted_at IS NULL GROUP BY project_id
     UNION ALL
     SELECT channel_id, count(*) FROM keys WHERE deleted_at IS NULL AND channel_id IS NOT NULL GROUP BY channel_id`,
    ...indexes(engine),
    ...(engine === 'sqlite'
      ? [...countingOnSqlite(), ...searchOnSqlite]
      : [...countingOnPostgres, ...searchOnPostgres]),
  ];
}

/**
 * What is counted and filtered is in the index itself, so that the keys need not be looked at. SQLite does not see that
 * an index without deleted keys tells that they are not deleted: there it is in the index too.
 */
function indexes(engine: Engine): string[] {
  const index = (name: string, columns: string, condition = 'deleted_at IS NULL') =>
    `CREATE INDEX ${name} ON keys (${columns}${engine === 'sqlite' ? ', deleted_at' : ''}) WHERE ${condition}`;
  return [
    'DROP INDEX keys_project_expiry',
    index('keys_project_expiry', 'project_id, expires_at, id, status'),
    'DROP INDEX keys_owner',
    index('keys_owner', 'project_id, owner_id, id', 'deleted_at IS NULL AND owner_id IS NOT NULL'),
    index('keys_project_status', 'project_id, status, id, expires_at'),
    // Whether a name is taken costs the same for an owner with ten keys and with a hundred thousand. Deleted keys are in
    // it too: usage and ledger of an owner are about all keys that it has or had.
    index('keys_owner_name', 'project_id, owner_id, name, status', 'owner_id IS NOT NULL'),
  ];
}

function countingOnSqlite(): string[] {
  const add = (row: 'NEW' | 'OLD', difference: 1 | -1) => `
    INSERT INTO key_counts (id, count) VALUES (${row}.project_id, ${difference})
    ON CONFLICT (id) DO UPDATE SET count = count + ${difference};
    INSERT INTO key_counts (id, count) SELECT ${row}.channel_id, ${difference} WHERE ${row}.channel_id IS NOT NULL
    ON CONFLICT (id) DO UPDATE SET count = count + ${difference};`;
  return [
    `CREATE TRIGGER keys_counted_insert AFTER INSERT ON keys WHEN NEW.deleted_at IS NULL
     BEGIN ${add('NEW', 1)} END`,
    `CREATE TRIGGER keys_counted_update AFTER UPDATE OF deleted_at ON keys
     WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL
     BEGIN ${add('OLD', -1)} END`,
    `CREATE TRIGGER keys_counted_delete AFTER DELETE ON keys WHEN OLD.deleted_at IS NULL
     BEGIN ${add('OLD', -1)} END`,
  ];
}

/**
 * One row's count is updated by all who make keys in a project, each of which holds it until its commit. They take it
 * right before the ledger's head, for which they all wait in any case.
 */
const countingOnPostgres = [
  `CREATE FUNCTION keys_count_added() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO key_counts AS counts (id, count)
     SELECT project_id, count(*) FROM added WHERE deleted_at IS NULL GROUP BY project_id ORDER BY project_id
     ON CONFLICT (id) DO UPDATE SET count = counts.count + excluded.count;
     INSERT INTO key_counts AS counts (id, count)
     SELECT channel_id, count(*) FROM added WHERE deleted_at IS NULL AND channel_id IS NOT NULL
     GROUP BY channel_id ORDER BY channel_id
     ON CONFLICT (id) DO UPDATE SET count = counts.count + excluded.count;
     RETURN NULL;
   END $$`,
  `CREATE FUNCTION keys_count_removed() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     UPDATE key_counts SET count = count - 1 WHERE id = OLD.project_id;
     UPDATE key_counts SET count = count - 1 WHERE id = OLD.channel_id;
     RETURN NULL;
   END $$`,
  // For each statement and not for each row: ten thousand imported keys change the count once.
  `CREATE TRIGGER keys_counted_insert AFTER INSERT ON keys
   REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION keys_count_added()`,
  `CREATE TRIGGER keys_counted_update AFTER UPDATE OF deleted_at ON keys FOR EACH ROW
   WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION keys_count_removed()`,
  `CREATE TRIGGER keys_counted_delete AFTER DELETE ON keys FOR EACH ROW
   WHEN (OLD.deleted_at IS NULL) EXECUTE FUNCTION keys_count_removed()`,
];

/**
 * An index of all sequences of three characters of `search_text`, without the text itself and without positions: it
 * finds the keys that may match, which the query then looks at. Its rows have numbers, since ids are text.
 */
const searchOnSqlite = [
  'CREATE TABLE key_search_rows (row INTEGER PRIMARY KEY, key_id TEXT NOT NULL UNIQUE) STRICT',
  // Two more characters at the end, so that every pair of characters begins a sequence.
  `CREATE VIRTUAL TABLE key_search USING fts5(
     text, content = '', contentless_delete = 1, detail = none, tokenize = "trigram case_sensitive 1"
   )`,
  'CREATE VIRTUAL TABLE key_search_terms USING fts5vocab(key_search, row)',
  'INSERT INTO key_search_rows (key_id) SELECT id FROM keys WHERE deleted_at IS NULL ORDER BY id',
  `INSERT INTO key_search (rowid, text)
   SELECT row, ${searched('search_text')} FROM key_search_rows JOIN keys ON keys.id = key_search_rows.key_id ORDER BY row`,
  `CREATE TRIGGER keys_search_insert AFTER INSERT ON keys WHEN NEW.deleted_at IS NULL
   BEGIN
     INSERT INTO key_search_rows (key_id) VALUES (NEW.id);
     INSERT INTO key_search (rowid, text) SELECT row, ${searched('NEW.search_text')} FROM key_search_rows WHERE key_id = NEW.id;
   END`,
  `CREATE TRIGGER keys_search_change AFTER UPDATE OF search_text ON keys
   WHEN NEW.deleted_at IS NULL AND OLD.search_text <> NEW.search_text
   BEGIN
     UPDATE key_search SET text = ${searched('NEW.search_text')}
     WHERE rowid = (SELECT row FROM key_search_rows WHERE key_id = NEW.id);
   END`,
  `CREATE TRIGGER keys_search_update AFTER UPDATE OF deleted_at ON keys
   WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL
   BEGIN ${forgetOnSqlite()} END`,
  `CREATE TRIGGER keys_search_delete AFTER DELETE ON keys WHEN OLD.deleted_at IS NULL
   BEGIN ${forgetOnSqlite()} END`,
];

function searched(text: string): string {
  return `${text} || char(10, 10)`;
}

function forgetOnSqlite(): string {
  return `
    DELETE FROM key_search WHERE rowid = (SELECT row FROM key_search_rows WHERE key_id = OLD.id);
    DELETE FROM key_search_rows WHERE key_id = OLD.id;`;
}

/**
 * Where the extension is not installed, or this user may not add it, searches go without an index. The two statements
 * can be run by hand later. Its list of what is not yet sorted in is kept short: each search reads it from end to end.
 */
const searchOnPostgres = [
  `DO $$
   BEGIN
     CREATE EXTENSION IF NOT EXISTS pg_trgm;
     CREATE INDEX keys_search ON keys USING gin (search_text gin_trgm_ops)
       WITH (gin_pending_list_limit = 256) WHERE deleted_at IS NULL;
   EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN
     RAISE NOTICE 'pg_trgm cannot be used: searches will read all keys of a project';
   END $$`,
];
