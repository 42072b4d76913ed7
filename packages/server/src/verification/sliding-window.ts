/** Into so many parts a window is divided, which bounds its memory. */
const parts = 60;

/**
 * What was charged within the last `lengthMs`, in whichever moment one looks: never counted too low. Charges that follow
 * each other within a sixtieth of the length are one bucket, which counts in full until the last of them is as old as
 * the window is long. So a unit comes back on time where charges are that far apart, and else up to a sixtieth of the
 * length late. Times are readings of a clock that only grows, in milliseconds.
 */
export class SlidingWindow {
  readonly #lengthMs: number;
  /** Of each bucket, oldest first, when it was charged last and how much. */
  readonly #lasts: number[] = [];
  readonly #units: number[] = [];
  /** When the newest bucket was begun. */
  #begunAt = 0;
  #used = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  used(now: number): number {
    for (let last = this.#lasts[0]; last !== undefined; last = this.#lasts[0]) {
      if (now - last < this.#lengthMs) break;
      this.#lasts.shift();
      this.#used -= this.#units.shift() ?? 0;
    }
    return this.#used;
  }

  charge(units: number, now: number): void {
    if (units === 0) return;
    const newest = this.#lasts.length - 1;
    if (newest >= 0 && now - this.#begunAt < this.#lengthMs / parts) {
      this.#lasts[newest] = now;
      this.#units[newest] = (this.#units[newest] ?? 0) + units;
    } else {
      this.#lasts.push(now);
      this.#units.push(units);
      this.#begunAt = now;
    }
    this.#used += units;
  }

  /** In how many milliseconds `units` of what is used will have come back; Infinity when so much is not used. */
  msUntilFree(units: number, now: number): number {
    let freed = 0;
    for (const [index, last] of this.#lasts.entries()) {
      freed += this.#units[index] ?? 0;
      if (freed >= units) return Math.max(0, last + this.#lengthMs - now);
    }
    return Number.POSITIVE_INFINITY;
  }
}
