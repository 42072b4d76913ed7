const windowMs = 60 * 60_000;
const maxSenders = 10_000;

/** How many letters each sender may cause in an hour. What it counts is lost with the process: so are its letters. */
export class Allowance {
  readonly #limit: number;
  readonly #clock: { monotonic(): number };
  /** In the order in which their hours began. */
  readonly #senders = new Map<string, { beganAt: number; count: number }>();

  constructor(limit: number, clock: { monotonic(): number }) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** @returns false: this one is too many */
  take(sender: string): boolean {
    const now = this.#clock.monotonic();
    const known = this.#senders.get(sender);
    if (known !== undefined && now - known.beganAt < windowMs) return ++known.count <= this.#limit;
    this.#senders.delete(sender);
    for (const first of this.#senders.keys()) {
      if (this.#senders.size < maxSenders) break;
      this.#senders.delete(first);
    }
    this.#senders.set(sender, { beganAt: now, count: 1 });
    return true;
  }
}
