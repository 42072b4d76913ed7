import type { Engine } from '../engine.ts';
import { createExpiredIndex } from '../expired-keys.ts';

/** What finds the expired keys in order of creation. */
export function expiredKeys(engine: Engine): string[] {
  return [createExpiredIndex(engine)];
}
