import type { NodeStore } from '../cluster/node-store.ts';
import { type FollowedRow, genesis, type LedgerHead } from './entry.ts';

interface FollowerOptions {
  store: Pick<NodeStore, 'tail' | 'head'>;
  /** Drops from memory what the row makes stale. Must not throw. */
  apply(row: FollowedRow): void;
  /** Drops everything from memory. */
  clear(): void;
}

const rowsPerRead = 1000;

/**
 * Follows the ledger and applies its rows, in order and each once. It starts at the head, since at the start nothing
 * is in memory that an older row could make stale.
 */
export class Follower {
  readonly #options: FollowerOptions;
  #applied: Readonly<LedgerHead> = genesis;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** The row that was applied last. */
  get applied(): Readonly<LedgerHead> {
    return this.#applied;
  }

  /** Forgets everything and goes on from the head: at the start, and when the ledger is not the one that was followed. */
  async restart(): Promise<void> {
    const head = await this.#options.store.head();
    this.#options.clear();
    this.#applied = head;
  }

  /**
   * Applies all rows that were committed before this call. Calls at the same time share a read, but never one that
   * had started before them. Done at once, before it returns, where the store answers at once.
   */
  catchUp(): Promise<void> {
    if (this.#running === null) return this.#start();
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = null;
        return this.catchUp();
      });
    return this.#next;
  }

  #start(): Promise<void> {
    try {
      const run = this.#readAndApply();
      if (run === undefined) return Promise.resolve();
      this.#running = run.finally(() => {
        this.#running = null;
      });
      return this.#running;
    } catch (error) {
      // A store that answers at once also fails at once, but who waits for a promise looks for the error there.
      return Promise.reject(error);
    }
  }

  #readAndApply(): Promise<void> | undefined {
    for (;;) {
      const rows = this.#options.store.tail(this.#applied.seq, rowsPerRead);
      if (rows instanceof Promise) return this.#applyLater(rows);
      if (this.#applyAll(rows)) return undefined;
    }
  }

  async #applyLater(reading: Promise<FollowedRow[]>): Promise<void> {
    while (!this.#applyAll(await reading)) {
      reading = Promise.resolve(this.#options.store.tail(this.#applied.seq, rowsPerRead));
    }
  }

  /** True when these were the last rows. */
  #applyAll(rows: FollowedRow[]): boolean {
    for (const row of rows) {
      if (row.seq <= this.#applied.seq) continue;
      this.#options.apply(row);
      this.#applied = { seq: row.seq, hash: row.hash };
    }
    return rows.length < rowsPerRead;
  }
}
