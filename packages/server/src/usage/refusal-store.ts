import type { MeteredRefusal } from '../verification/usage-meter.ts';

/** Times are milliseconds since 1970. */
export interface RefusalStore {
  insert(refusals: MeteredRefusal[]): Promise<void>;
}
