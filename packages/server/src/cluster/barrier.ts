import { setTimeout as sleep } from 'node:timers/promises';
import type { Propagation } from '@keywright/contract';
import type { Clock } from '../domain/clock.ts';
import type { Follower } from '../ledger/follow.ts';

interface BarrierOptions {
  follower: Follower;
  clock: Clock;
  leaseMs: number;
}

const pollMs = 20;

/**
 * Waits until no node can answer from a memory that is older than a row of the ledger. One process runs on a database,
 * so that the nodes are this one: it is released once it applied the row, or else once its lease, which it could not
 * have renewed without applying the row, has surely ended.
 */
export function createBarrier({
  follower,
  clock,
  leaseMs,
}: BarrierOptions): (seq: number) => Promise<Propagation> {
  return async (seq) => {
    const start = clock.monotonic();
    const elapsed = () => clock.monotonic() - start;
    const longestMs = leaseMs * 1.01 + 250;
    while (follower.applied.seq < seq && elapsed() < longestMs) {
      await follower.catchUp().catch(() => {});
      // Also when the read came through without the row: reading on without a pause would stop everything else.
      if (follower.applied.seq < seq) await sleep(pollMs);
    }
    return {
      nodes: 1,
      acknowledged: follower.applied.seq >= seq ? 1 : 0,
      elapsedMs: Math.round(elapsed() * 1000) / 1000,
    };
  };
}
