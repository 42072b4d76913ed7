import type { Clock } from '../domain/clock.ts';

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #wall = Date.UTC(2027, 0, 31, 12);
  #monotonic = 1_000_000;
  settled = true;

  now(): number {
    return this.fromWall(this.#wall);
  }
  fromWall(wall: number): number {
    return wall;
  }
  monotonic(): number {
    return this.#monotonic;
  }
  wall(): number {
    return this.#wall;
  }
  isSettled(): boolean {
    return this.settled;
  }
  /** Time goes by. */
  pass(ms: number): void {
    this.#wall += ms;
    this.#monotonic += ms;
  }
  /** The machine sleeps: its monotonic clock stands still. */
  suspend(ms: number): void {
    this.#wall += ms;
  }
  /** Somebody sets the wall clock, forward or back. */
  setWall(byMs: number): void {
    this.#wall += byMs;
  }
}
