import type { Place } from './engines.ts';

/** On PostgreSQL, for connections to come: so long that a deadlock is not resolved in the time of a test, and fails it. */
export async function forbidDeadlocks(place: Place): Promise<void> {
  await place.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''5min''', current_database()); END $$`,
  );
}
