import { Client } from 'pg';
import type { Place } from '../support/engines.ts';
import { untilBlocked } from '../support/waiting.ts';

export interface Gate {
  /** Waits until racers stand at the gate, then lets all of them go. */
  open(): Promise<void>;
}

/**
 * Holds the changes of a project at a gate: another transaction has its row, which each of them locks first. On SQLite
 * the racers start in one turn of the event loop and are taken in one after the other.
 * @param racers how many of them stand at the gate when it opens; at most as many as there are connections
 */
export async function holdProject(place: Place, projectId: string, racers = 10): Promise<Gate> {
  if (place.engine === 'sqlite') return { open: () => untilBlocked(place) };
  const client = new Client({ connectionString: place.location });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM projects WHERE id = $1 FOR UPDATE', [projectId]);
  return {
    async open() {
      await untilBlocked(place, racers);
      await client.query('COMMIT');
      await client.end();
    },
  };
}
