import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Place } from './engines.ts';

/**
 * Waits until this many transactions wait for a lock of another one. On SQLite, where the second transaction does not
 * even begin before the first has ended, there is nothing to look at but that it had its turn.
 */
export async function untilBlocked(place: Place, count = 1): Promise<void> {
  if (place.engine === 'sqlite') {
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    return;
  }
  await until(async () => {
    const [row] = await place.query<{ waiting: string }>(
      `SELECT count(*) AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return Number(row?.waiting) >= count;
  }, `${count} transactions wait for a lock`);
}

/** Waits until something holds, and fails when it does not within ten seconds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It never came to be that ${what}.`);
    await sleep(5);
  }
}
