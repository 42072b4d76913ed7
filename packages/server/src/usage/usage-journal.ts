import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { DomainError, isOutage } from '../domain/error.ts';
import { countVerifications } from './count-verifications.ts';
import type { KeptAddition, UsageAddition } from './usage-store.ts';
import { UsageTotals } from './usage-totals.ts';
import { maxAttempts, type UsageWriting } from './usage-writing.ts';

/** How much is added up together: the counts of some ten thousand keys, which are some megabytes. */
const maxParts = 100;
/** How many parts are read at once, which takes some milliseconds; in between, verifications have their turn. */
const partsPerTurn = 4;
/** More than this is the work of minutes: then nothing more is kept. */
const fullAt = 2000;
const retryMs = 1000;
/** Between attempts for a part that the database does not take though it answers. */
const attemptMs = 100;

/**
 * What was counted, where it is safe but not added up yet. Keeping it takes one row for some hundred keys; adding it up
 * takes several rows for each key, and with thousands in use these are not written within a second. So it is kept each
 * second, and added up behind that: the more there is, the more belongs together and is written once.
 *
 * A part is deleted in the transaction that adds it up, or that puts it into larger ones. So it counts once, whatever
 * breaks in between, and what a process leaves behind is added up by the next.
 */
export class UsageJournal {
  readonly #options: UsageWriting;
  #lastNumber = 0;
  /** How many parts there are, those of former processes apart. */
  #size = 0;
  #work: Promise<boolean> | null = null;
  #isWoken = false;
  #isStopped = false;
  #isFailing = false;
  #timer: NodeJS.Timeout | null = null;
  #verificationsDropped = 0;

  constructor(options: UsageWriting) {
    this.#options = options;
  }

  /** For the metrics. */
  get statistics() {
    return { parts: this.#size, verificationsDropped: this.#verificationsDropped };
  }

  get isFull(): boolean {
    return this.#size >= fullAt;
  }

  /** Gives additions the ids under which they are kept, in a transaction of the caller's. */
  name(additions: readonly UsageAddition[]): KeptAddition[] {
    const { clock, node } = this.#options;
    const at = String(clock.now()).padStart(15, '0');
    return additions.map((addition) => {
      const number = String(++this.#lastNumber).padStart(9, '0');
      return { id: `${at}-${number}-${node}`, addition };
    });
  }

  /** Says that so many parts were kept, or that former processes may have left some: they are added up from now on. */
  wake(parts = 0): void {
    this.#size += parts;
    this.#isWoken = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#isStopped) this.#work ??= this.#run();
  }

  /** Adds up all that is kept. @returns whether that succeeded; if not, it is tried again later */
  async drain(): Promise<boolean> {
    this.wake();
    return (await this.#work) ?? false;
  }

  /** Ends it after the transaction that it is in. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#work;
  }

  async #run(): Promise<boolean> {
    let succeeded = true;
    try {
      while (this.#isWoken) {
        this.#isWoken = false;
        while (await this.#addUp());
      }
      if (this.#isFailing) this.#options.log.info({}, 'usage that was kept is added up again');
      this.#isFailing = false;
    } catch (error) {
      succeeded = false;
      this.#tellFailure(error);
      if (!this.#isStopped) this.#timer = setTimeout(() => this.wake(), retryMs).unref();
    }
    this.#work = null;
    return succeeded && !this.#isStopped;
  }

  /** Adds up the oldest parts. @returns whether there were any */
  async #addUp(): Promise<boolean> {
    if (this.#isStopped) return false;
    const { ids, totals } = await this.#read();
    if (ids.length === 0) return false;
    const parts = this.name([...totals.cut()]);
    await this.#options.transaction(async ({ usage }) => {
      const taken = await usage.takeKept(ids);
      // They are not this process's alone for certain: what another has added up must not be put together again.
      if (taken < ids.length)
        throw new DomainError('unavailable', { detail: 'Another process adds usage up.' });
      await usage.keep(parts);
    });
    this.#resize(parts.length - ids.length);
    for (const part of parts) {
      if (this.#isStopped) return false;
      await this.#addPart(part);
    }
    return true;
  }

  async #read(): Promise<{ ids: string[]; totals: UsageTotals }> {
    const totals = new UsageTotals({ censor: (text) => text });
    const ids: string[] = [];
    let read: KeptAddition[];
    do {
      read = await this.#options.transaction(({ usage }) => usage.kept(partsPerTurn, ids.at(-1) ?? ''));
      for (const { id, addition } of read) {
        totals.addAgain(addition);
        ids.push(id);
      }
      await nextTurn();
    } while (read.length === partsPerTurn && ids.length < maxParts);
    return { ids, totals };
  }

  async #addPart({ id, addition }: KeptAddition): Promise<void> {
    const { transaction, clock } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        await transaction(async ({ usage }) => {
          // A commit whose answer was lost has taken it.
          if ((await usage.takeKept([id])) > 0) await usage.add(addition, clock.now());
        });
        break;
      } catch (error) {
        if (isOutage(error)) throw error;
        if (attempt === maxAttempts) {
          await this.#throwAway({ id, addition }, error);
          break;
        }
        await sleep(attemptMs);
      }
    }
    this.#resize(-1);
  }

  /** What the database answers to and yet does not take must not hold up all that comes after it. */
  async #throwAway({ id, addition }: KeptAddition, error: unknown): Promise<void> {
    await this.#options.transaction(({ usage }) => usage.takeKept([id]));
    const verifications = countVerifications(addition);
    this.#verificationsDropped += verifications;
    this.#options.log.error(
      { err: error, verifications },
      'the database does not take these counts: they are thrown away',
    );
  }

  #resize(difference: number): void {
    this.#size = Math.max(0, this.#size + difference);
  }

  #tellFailure(error: unknown): void {
    const message = 'usage that was kept cannot be added up: it stays in the database until it can';
    if (!this.#isFailing) this.#options.log.warn({ err: error }, message);
    this.#isFailing = true;
  }
}
