import type { Clock } from '../domain/clock.ts';
import { DomainError } from '../domain/error.ts';
import type { Storage } from './storage.ts';

/** Longer than between two batches of usage: where verifications go on, one of them tells in this time how it stands. */
const restMs = 10_000;

/**
 * Knows whether what is to be written fails because of the database's disk or file. Reading and answering from memory go on
 * there, so that nothing but a failed write shows it. And nothing but a write shows that it is over: where none
 * comes by itself, one that changes nothing is tried.
 */
export class WriteWatch {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #fault: { reason: string; seenAt: number } | null = null;
  #isTrying = false;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** The same storage, watched. */
  watch(storage: Storage): Storage {
    const { transaction, backgroundTransaction } = storage;
    return {
      ...storage,
      transaction: (run) => this.#observe(transaction(run)),
      backgroundTransaction: (run) => this.#observe(backgroundTransaction(run)),
    };
  }

  /**
   * Why nothing can be changed at present, as the end of a sentence; null when nothing speaks for that. Finds out anew
   * when the last failure is a while ago, for the next one who asks.
   */
  check({ backgroundTransaction }: Pick<Storage, 'backgroundTransaction'>): string | null {
    if (this.#fault === null) return null;
    const { reason, seenAt } = this.#fault;
    if (!this.#isTrying && this.#clock.monotonic() - seenAt >= restMs) void this.#try(backgroundTransaction);
    return reason;
  }

  async #try(transaction: Storage['backgroundTransaction']): Promise<void> {
    this.#isTrying = true;
    const before = this.#fault;
    try {
      await this.#observe(transaction(({ ledger }) => ledger.takeHead(0)));
      if (this.#fault === before) this.#fault = null;
    } catch {
      // What else fails says nothing of the disk.
    } finally {
      this.#isTrying = false;
    }
  }

  async #observe<T>(writing: Promise<T>): Promise<T> {
    try {
      return await writing;
    } catch (error) {
      const reason = diskFaultOf(error);
      if (reason !== null) this.#fault = { reason, seenAt: this.#clock.monotonic() };
      throw error;
    }
  }
}

function diskFaultOf(error: unknown): string | null {
  if (!(error instanceof DomainError)) return null;
  const code = String((error.cause as { code?: unknown } | null | undefined)?.code ?? '');
  if (code === 'SQLITE_FULL' || code === '53100') return 'its disk is full';
  if (code === 'SQLITE_READONLY_DBMOVED')
    return 'its file was moved or deleted: put it back, or restart the server on the one that is there now';
  return code.startsWith('SQLITE_IOERR') || code === '58030' ? 'writing to its disk fails' : null;
}
