/**
 * How a fake store answers: at once, with a promise that is kept right away, or with one that a test holds at a gate.
 * What is answered is what the store held when the read began.
 */
export type Pace = 'at once' | 'soon' | 'held';

export interface Read {
  what: string;
  /** What was asked for. */
  asked: readonly unknown[];
  /** Lets a held read come to its end. */
  pass(): void;
  fail(error: Error): void;
}

/** The reads that a fake store was asked for. */
export class Reads {
  pace: Pace = 'at once';
  /** Set: every read fails with it from the start. */
  failure: Error | null = null;
  readonly #all: Read[] = [];

  /** All reads so far, or those of one kind. */
  list(what?: string): readonly Read[] {
    return what === undefined ? this.#all : this.#all.filter((read) => read.what === what);
  }

  /** The read that began last. */
  last(): Read {
    const read = this.#all.at(-1);
    if (read === undefined) throw new Error('nothing was read yet');
    return read;
  }

  answer<T>(what: string, asked: readonly unknown[], found: T): T | Promise<T> {
    const gate = Promise.withResolvers<T>();
    this.#all.push({ what, asked, pass: () => gate.resolve(found), fail: gate.reject });
    if (this.failure !== null) {
      if (this.pace === 'at once') throw this.failure;
      gate.reject(this.failure);
    }
    if (this.pace === 'at once') return found;
    if (this.pace === 'soon') gate.resolve(found);
    return gate.promise;
  }
}
