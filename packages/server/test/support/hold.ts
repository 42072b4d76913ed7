import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import type { Storage } from '../../src/storage/storage.ts';
import type { Place } from './engines.ts';

/**
 * Holds up changes at a gate, until the answered function is called: on PostgreSQL by the locks that a statement takes
 * on a connection of its own, on SQLite, which makes one change at a time, by a change that does not end.
 */
export async function hold(place: Place, storage: Storage, statement: string): Promise<() => Promise<void>> {
  return place.engine === 'sqlite' ? holdWriter(storage) : holdRows(place, statement);
}

async function holdWriter(storage: Storage): Promise<() => Promise<void>> {
  const [entered, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = storage.transaction(async () => {
    entered.resolve();
    await gate.promise;
  });
  await entered.promise;
  return async () => {
    gate.resolve();
    await holding;
  };
}

/** Takes locks on PostgreSQL, on a connection of its own. */
export async function holdRows(place: Place, statement: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: place.location });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('BEGIN');
  await client.query(statement);
  return async () => {
    await client.query('COMMIT');
  };
}
