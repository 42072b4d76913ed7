import type { Clock } from '../domain/clock.ts';
import type { Change, Stores } from '../domain/context.ts';
import { holdAuthority } from '../members/hold-authority.ts';
import { appendEntries } from './append.ts';

interface ChangeDependencies {
  transaction<T>(run: (stores: Stores) => Promise<T>): Promise<T>;
  clock: Clock;
  /** Tells the follower that there is something new; must not throw. */
  wake(): void;
}

/** @see Change */
export function createChange({ transaction, clock, wake }: ChangeDependencies): Change {
  return async (caller, run, { lockFirst } = {}) => {
    const committing = transaction(async (stores) => {
      await lockFirst?.(stores);
      await holdAuthority(stores, caller);
      const now = clock.now();
      const { value, entries } = await run(stores, now);
      return { value, seq: await appendEntries(stores.ledger, entries, caller, now) };
    });
    // Also of a commit whose answer got lost: who deletes again is told that there is nothing, and does not wait.
    return committing.finally(wake);
  };
}
