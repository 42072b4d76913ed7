import Database from 'better-sqlite3';

export const busyTimeoutMs = 5000;

/** Opens a connection that writes. A commit returns when the disk has it (`synchronous = FULL`). */
export function openToWrite(path: string): Database.Database {
  const database = new Database(path, { timeout: busyTimeoutMs });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // What is deleted is overwritten, so that a person who was erased is not left in pages that nobody reads.
  database.pragma('secure_delete = ON');
  return database;
}
