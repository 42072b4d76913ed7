/**
 * The recent invalidations by id, for loads in flight: a load knows only a hash until it ends, and then asks whether
 * its record was made stale since it began. Bounded: what was forgotten counts as invalidated.
 */
export class Invalidations {
  readonly #capacity: number;
  readonly #seqById = new Map<string, number>();
  #forgottenUpTo = 0;

  constructor(capacity = 4096) {
    this.#capacity = capacity;
  }

  add(id: string, seq: number): void {
    // Re-inserted, so that the map stays in order of `seq`.
    this.#seqById.delete(id);
    this.#seqById.set(id, seq);
    if (this.#seqById.size <= this.#capacity) return;
    for (const [oldest, oldestSeq] of this.#seqById) {
      this.#seqById.delete(oldest);
      this.#forgottenUpTo = oldestSeq;
      break;
    }
  }

  /** Whether `id` may have been made stale by a row above `seq`. */
  hasSince(id: string | null, seq: number): boolean {
    if (seq < this.#forgottenUpTo) return true;
    return id !== null && (this.#seqById.get(id) ?? 0) > seq;
  }

  /** From now on, everything that began before `seq` counts as invalidated. */
  forgetAll(seq: number): void {
    this.#seqById.clear();
    this.#forgottenUpTo = seq;
  }
}
