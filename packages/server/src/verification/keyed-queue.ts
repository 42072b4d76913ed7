/** Runs works one after the other where they are about the same key, in the order in which they came. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<unknown>>();

  isBusy(key: string): boolean {
    return this.#tails.has(key);
  }

  run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = keys.flatMap((key) => this.#tails.get(key) ?? []);
    const done = Promise.all(before).then(work);
    const settled: Promise<unknown> = done
      .catch(() => {})
      .then(() => {
        for (const key of keys) if (this.#tails.get(key) === settled) this.#tails.delete(key);
      });
    for (const key of keys) this.#tails.set(key, settled);
    return done;
  }

  /** Waits until all works that have come so far are done, whatever came of them. */
  async settle(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}
