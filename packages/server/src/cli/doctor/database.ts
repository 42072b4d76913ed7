import type { Config } from '../../config.ts';
import { DatabaseFaultError } from '../../startup-error.ts';
import type { Installation, StorageState } from '../context.ts';
import { explainError } from '../say.ts';
import { type Check, failed, ok, warning } from './check.ts';

/** Whether the database answers, is new enough, has the right tables, and agrees on what time it is. */
export async function checkDatabase(config: Config, load: () => Promise<Installation>): Promise<Check[]> {
  const driver = await attempt(load);
  if ('error' in driver)
    return [failed('database', say(driver.error), 'Install Keywright anew: its driver is broken.')];
  const presence = await attempt(async () => driver.value.hasDatabase(config));
  if ('error' in presence) return [judgeError(presence.error)];
  if (!presence.value) return [ok('database', 'none yet: the first start makes it.')];
  const before = Date.now();
  const state = await attempt(() => driver.value.inspectStorage(config));
  if ('error' in state) return [judgeError(state.error)];
  return judgeStorage(state.value, { before, after: Date.now() });
}

function judgeError(error: unknown): Check {
  if (error instanceof DatabaseFaultError) return failed('database', error.fault, error.remedy);
  return failed('database', say(error), 'See that it is the right data directory, and its files readable.');
}

function say(error: unknown): string {
  return explainError(error).join(' ');
}

/**
 * @param span when it was asked and when it had answered, in this machine's time
 */
export function judgeStorage(state: StorageState, span: { before: number; after: number }): Check[] {
  return [judgeEngine(state), judgeMigrations(state), judgeClock(state, span)];
}

function judgeEngine({ engine, version, fault }: StorageState): Check {
  if (fault !== null) return failed('database', fault.fault, fault.remedy);
  return ok('database', `${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'} ${version}.`);
}

function judgeMigrations({ migrations }: StorageState): Check {
  switch (migrations) {
    case 'none':
      return ok('tables', 'none yet: the first start makes them.');
    case 'current':
      return ok('tables', 'those of this version.');
    case 'behind':
      return warning(
        'tables',
        'those of an older version.',
        'Take a backup: the next start brings them up to date.',
      );
    case 'newer':
      return failed(
        'tables',
        'those of a newer version.',
        'Use that version: this one does not start on them.',
      );
  }
}

const maxSkewMs = 1000;

/** The database told its time at some moment of the span, so that only what lies outside of it is surely wrong. */
function judgeClock(
  { databaseTimeMs }: StorageState,
  { before, after }: { before: number; after: number },
): Check {
  const skewMs = Math.round(Math.max(before - databaseTimeMs, databaseTimeMs - after, 0));
  if (skewMs <= maxSkewMs) return ok('clock', 'agrees with that of the database.');
  const direction = databaseTimeMs > after ? 'behind' : 'ahead of';
  return failed(
    'clock',
    `${skewMs} ms ${direction} that of the database.`,
    'Set both machines by NTP (as chrony does).',
  );
}

async function attempt<T>(run: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await run() };
  } catch (error) {
    return { error };
  }
}
