/** The clocks that rules depend on. Passed in, so that tests can hold and move them. */
export interface Clock {
  /** Milliseconds since 1970 as the database counts them: what expiry and overlaps are compared with. */
  now(): number;
  /** Milliseconds that only ever grow, for durations and leases; they stand still while a machine is suspended. */
  monotonic(): number;
  /** This machine's own wall clock in milliseconds, which goes on while a machine is suspended. */
  wall(): number;
  /** A reading of the wall clock as the database's time. */
  fromWall(wall: number): number;
  /**
   * Whether `now()` has gone evenly for ten minutes. A machine that just started may have a clock that NTP has not set
   * yet, and one that was set may be set back soon: what cannot be undone, and can wait, waits for this.
   */
  isSettled(): boolean;
}

/** By less than this, clocks differ and drift. */
const leastStepMs = 60_000;
const settlingMs = 600_000;

/** The clock of this process; `setOffset` moves `now()` to the database's time. */
export class SystemClock implements Clock {
  #offsetMs = 0;
  /** What `now()` was ahead of the monotonic clock by when it was last set, and when it counts as settled. */
  #course = Number.NaN;
  #settledAt = Number.POSITIVE_INFINITY;

  now(): number {
    return this.fromWall(Date.now());
  }
  fromWall(wall: number): number {
    return wall + this.#offsetMs;
  }
  monotonic(): number {
    return performance.now();
  }
  wall(): number {
    return Date.now();
  }
  /** Compares with the last time that it was called, so call it now and then. */
  isSettled(): boolean {
    const monotonic = this.monotonic();
    const course = this.now() - monotonic;
    if (!(Math.abs(course - this.#course) < leastStepMs)) {
      this.#course = course;
      this.#settledAt = monotonic + settlingMs;
    }
    return monotonic >= this.#settledAt;
  }
  /** @param offsetMs the database's clock minus this machine's, in milliseconds */
  setOffset(offsetMs: number): void {
    this.#offsetMs = Math.round(offsetMs);
  }
}
