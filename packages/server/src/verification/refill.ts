import { DomainError } from '../domain/error.ts';

/** Milliseconds. Whoever asks for a verification does not wait for a database that hangs. */
const timeoutMs = 3000;

/** Requests that wait for the same reservation of one key's quota. */
export class Refill {
  /** What all of them cost together, and the cheapest of them. */
  demand = 0;
  least = Number.POSITIVE_INFINITY;
  /** Of the quota, as the last of them knows it. */
  limit = 0;
  readonly #end = Promise.withResolvers<void>();
  readonly #timer: NodeJS.Timeout;

  /** @param onTimeout told when it is given up, so that nobody joins it any more */
  constructor(onTimeout: (refill: Refill) => void) {
    this.#timer = setTimeout(() => {
      onTimeout(this);
      this.fail(new DomainError('unavailable', { detail: 'The database does not answer.' }));
    }, timeoutMs);
  }

  join(cost: number, limit: number): Promise<void> {
    this.demand += cost;
    this.least = Math.min(this.least, cost);
    this.limit = limit;
    return this.#end.promise;
  }

  finish(): void {
    clearTimeout(this.#timer);
    this.#end.resolve();
  }

  fail(error: unknown): void {
    clearTimeout(this.#timer);
    this.#end.reject(error);
  }
}
