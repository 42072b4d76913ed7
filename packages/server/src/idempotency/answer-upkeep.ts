import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../domain/clock.ts';
import type { Stores } from '../domain/context.ts';
import { answersKeptMs } from './make-repeatable.ts';

const intervalMs = 600_000;
/** Rows of one transaction; between two of them everything else has its turn. */
const maxRows = 500;
const pauseMs = 10;

interface UpkeepOptions {
  transaction<T>(run: (stores: Stores) => Promise<T>): Promise<T>;
  clock: Pick<Clock, 'now'>;
  log: Record<'warn', (fields: object, message: string) => void>;
}

/** Forgets the answers that are kept no longer, at the start and every ten minutes. */
export class AnswerUpkeep {
  readonly #options: UpkeepOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.run()
      .catch((error) => {
        const message = 'answers that are kept no longer cannot be deleted; it will be tried again';
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

  /** All that is due now. */
  async run(): Promise<void> {
    const { transaction, clock } = this.#options;
    const expiredAt = clock.now() - answersKeptMs;
    const forget = () => transaction(({ idempotency }) => idempotency.forget(expiredAt, maxRows));
    while (!this.#isStopped && (await forget()) === maxRows) await sleep(pauseMs);
  }
}
