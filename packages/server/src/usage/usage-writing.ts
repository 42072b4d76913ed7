import type { Clock } from '../domain/clock.ts';
import type { Stores } from '../domain/context.ts';

/** How often something is tried that the database does not take though it answers. */
export const maxAttempts = 5;

/** What writing usage needs, at once or by way of the journal. */
export interface UsageWriting {
  transaction<T>(run: (stores: Stores) => Promise<T>): Promise<T>;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  /** A name that no other process has, nor this one after another start. */
  node: string;
  log: Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;
}
