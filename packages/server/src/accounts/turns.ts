interface Limits {
  maxRunning: number;
  maxWaiting: number;
}

/** Lets so many run at a time, in the order in which they came, and turns away who would have to wait behind too many. */
export class Turns {
  readonly #limits: Limits;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** @param refuse what to throw when too many wait already */
  async take<T>(run: () => Promise<T>, refuse: () => Error): Promise<T> {
    if (this.#running < this.#limits.maxRunning) this.#running++;
    else {
      if (this.#waiting.length >= this.#limits.maxWaiting) throw refuse();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await run();
    } finally {
      // The next one takes the place over, so that nobody who comes now gets in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
