import { DomainError } from '../domain/error.ts';
import type { RepeatableRequest } from './idempotency-store.ts';

/** The requests with an `Idempotency-Key` that this process is making, from their first step to their answer. */
export class RunningRequests {
  readonly #ids = new Set<string>();

  /** @throws idempotency_conflict when the same request is running already */
  async run<T>({ id }: Pick<RepeatableRequest, 'id'>, make: () => Promise<T>): Promise<T> {
    const name = id.toString('latin1');
    if (this.#ids.has(name)) throw new DomainError('idempotency_conflict');
    this.#ids.add(name);
    try {
      return await make();
    } finally {
      this.#ids.delete(name);
    }
  }
}
