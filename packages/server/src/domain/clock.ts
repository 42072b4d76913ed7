/** The two clocks that rules depend on. Passed in, so that tests can hold and move them. */
export interface Clock {
  /** Milliseconds since 1970 as the database counts them: what expiry and overlaps are compared with. */
  now(): number;
  /** Milliseconds that only ever grow, for durations and leases; they stand still while a machine is suspended. */
  monotonic(): number;
  /** This machine's own wall clock in milliseconds, which goes on while a machine is suspended. */
  wall(): number;
  /** A reading of the wall clock as the database's time. */
  fromWall(wall: number): number;
}

/** The clock of this process; `setOffset` moves `now()` to the database's time. */
export class SystemClock implements Clock {
  #offsetMs = 0;

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
  /** @param offsetMs the database's clock minus this machine's, in milliseconds */
  setOffset(offsetMs: number): void {
    this.#offsetMs = Math.round(offsetMs);
  }
}
