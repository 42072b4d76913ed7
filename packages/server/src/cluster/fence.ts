import type { Clock } from '../domain/clock.ts';

/**
 * Whether this node may answer from memory. Each heartbeat that came through and was applied opens the fence for one
 * lease, counted from before it was sent. Past it the node neither reads nor fills its memory. Both clocks count:
 * the monotonic one cannot be set, the wall clock goes on while the machine is suspended.
 */
export class Fence {
  readonly #clock: Clock;
  #monotonicEnd = Number.NEGATIVE_INFINITY;
  #wallEnd = Number.NEGATIVE_INFINITY;
  #closedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param wall the wall clock, by callers that have just read it: a verification reads each clock once */
  isOpen(wall = this.#clock.wall()): boolean {
    return wall < this.#wallEnd && this.#clock.monotonic() < this.#monotonicEnd;
  }

  /** How long it still stays open, in milliseconds; 0 when it is closed. */
  leftMs(): number {
    const left = Math.min(this.#monotonicEnd - this.#clock.monotonic(), this.#wallEnd - this.#clock.wall());
    return Math.max(left, 0);
  }

  /**
   * Does nothing for a heartbeat that was sent before the fence was closed.
   * @param sent the clocks' readings from before the heartbeat was sent, in milliseconds
   */
  renew(sent: { monotonic: number; wall: number }, leaseMs: number): void {
    if (sent.monotonic < this.#closedAt) return;
    this.#monotonicEnd = sent.monotonic + leaseMs;
    this.#wallEnd = sent.wall + leaseMs;
  }

  close(): void {
    this.#closedAt = this.#clock.monotonic();
    this.#monotonicEnd = Number.NEGATIVE_INFINITY;
  }
}
