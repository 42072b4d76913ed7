import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../domain/clock.ts';
import type { Stores } from '../domain/context.ts';
import { dayMs } from '../domain/time.ts';
import { keptSince } from './kept-since.ts';
import { maxRefusals, refusalsKeptMs } from './refusal-store.ts';
import { resolutions } from './usage-store.ts';

const intervalMs = 60_000;
/** Rows of one transaction, which takes SQLite some milliseconds; between two of them everything else has its turn. */
const maxRows = 500;
const pauseMs = 10;
/** No process waits that long between two attempts to write a batch. */
const batchesKeptMs = 30 * dayMs;

interface UpkeepOptions {
  transaction<T>(run: (stores: Stores) => Promise<T>): Promise<T>;
  clock: Pick<Clock, 'now' | 'isSettled'>;
  log: Record<'info' | 'warn', (fields: object, message: string) => void>;
}

/**
 * Rolls usage up and forgets old refusals, every minute, a few rows in each transaction: these rows become the coarser
 * ones in the same transaction, so that a stop or a crash in between loses and doubles nothing. A clock that was just set,
 * or may soon be, makes nothing old.
 */
export class UsageUpkeep {
  readonly #options: UpkeepOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;
  #isFailing = false;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#runOrTell().then(() => {
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
    const now = clock.now();
    const { minute, hour, day } = resolutions;
    for (const step of [
      { from: minute, to: hour, before: keptSince('minute', now) },
      { from: hour, to: day, before: keptSince('hour', now) },
    ]) {
      await this.#repeat(() => transaction(({ usage }) => usage.rollUp(step, maxRows)));
    }
    const bounds = { before: now - refusalsKeptMs, max: maxRefusals };
    await this.#repeat(() => transaction(({ refusals }) => refusals.forget(bounds, maxRows)));
    await transaction(({ usage }) => usage.forgetBatches(now - batchesKeptMs));
  }

  async #repeat(part: () => Promise<number>): Promise<void> {
    while (!this.#isStopped && (await part()) === maxRows) await sleep(pauseMs);
  }

  async #runOrTell(): Promise<void> {
    try {
      if (this.#options.clock.isSettled()) await this.run();
      this.#isFailing = false;
    } catch (error) {
      const message = 'usage cannot be rolled up; it will be tried again';
      if (!this.#isFailing) this.#options.log.warn({ err: error }, message);
      this.#isFailing = true;
    }
  }
}
