import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../domain/clock.ts';
import type { Follower } from '../ledger/follow.ts';

interface OwnProgressOptions {
  follower: Pick<Follower, 'applied' | 'catchUp'>;
  clock: Pick<Clock, 'monotonic'>;
  leaseMs: number;
}

const pollMs = 20;

/**
 * Waits until this process has applied a row of the ledger: what takes no power away but must hold at once, such as an
 * import, waits for no other node. After one lease without it this process does not answer from memory any more.
 */
export function createOwnProgress({
  follower,
  clock,
  leaseMs,
}: OwnProgressOptions): (seq: number) => Promise<void> {
  return async (seq) => {
    const start = clock.monotonic();
    while (follower.applied.seq < seq && clock.monotonic() - start < leaseMs) {
      await follower.catchUp().catch(() => {});
      if (follower.applied.seq < seq) await sleep(pollMs);
    }
  };
}
