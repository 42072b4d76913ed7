import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import type { Stores } from './context.ts';

const intervalMs = 600_000;
/** Rows of one transaction; between two of them everything else has its turn. */
const maxRows = 500;
const pauseMs = 10;

export interface UpkeepOptions {
  transaction<T>(run: (stores: Stores) => Promise<T>): Promise<T>;
  clock: Pick<Clock, 'now' | 'isSettled'>;
  log: Record<'warn', (fields: object, message: string) => void>;
}

interface Duty {
  /** What is deleted, for the log: the beginning of a sentence. */
  what: string;
  /** Deletes so many rows of a table at most. @returns how many: the limit, when there may be more */
  forget(stores: Stores, now: number, limit: number): Promise<number>;
}

/** Forgets what is kept no longer, every ten minutes, but not by a clock that was just set or may soon be. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #duty: Duty;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: UpkeepOptions, duty: Duty) {
    this.#options = options;
    this.#duty = duty;
  }

  start(): void {
    this.#running = this.#runIfSettled()
      .catch((error) => {
        const message = `${this.#duty.what} cannot be deleted; it will be tried again`;
        this.#options.log.warn({ err: error }, message);
      })
      .then(() => {
        if (!this.#isStopped) this.#timer = setTimeout(() => this.start(), intervalMs).unref();
      });
  }

  /** Ends it after the transaction that it is in. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  async #runIfSettled(): Promise<void> {
    if (this.#options.clock.isSettled()) await this.run();
  }

  /** All that is due now. */
  async run(): Promise<void> {
    const { transaction, clock } = this.#options;
    const now = clock.now();
    const forget = () => transaction((stores) => this.#duty.forget(stores, now, maxRows));
    while (!this.#isStopped && (await forget()) === maxRows) await sleep(pauseMs);
  }
}
