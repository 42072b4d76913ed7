import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { isOutage } from '../domain/error.ts';
import type { MeteredRefusal, MeterReading, UsageMeter } from '../verification/usage-meter.ts';
import { cleanRefusal } from './clean-refusal.ts';
import { countVerifications } from './count-verifications.ts';
import type { UsageJournal } from './usage-journal.ts';
import type { KeptAddition, UsageAddition } from './usage-store.ts';
import { UsageTotals } from './usage-totals.ts';
import { maxAttempts, type UsageWriting } from './usage-writing.ts';

/** A little less than the second that a process may lose when it is killed: writing takes its time too. */
const intervalMs = 800;
const retryMs = 100;
/** How long a stop waits for the one transaction in which the journal may be. */
const lastTransactionMs = 1000;
/** How many refusals wait for a database that does not answer. */
const maxWaitingRefusals = 1000;
const maxRefusalsPerBatch = 250;
/** How many counters are taken in at once, which is some milliseconds; in between, verifications have their turn. */
const maxCountersPerTurn = 500;
/** So many counts and origins are added up at once, which takes some tenths of a second; more of them are kept first. */
const maxDirect = 2000;
/** How many parts of the journal are written in one transaction. */
const partsPerBatch = 8;

interface WriterOptions extends UsageWriting {
  meter: Pick<UsageMeter, 'read' | 'unread'>;
  /** Takes what is too much to be added up within a second. */
  journal: UsageJournal;
  /** Takes what looks like a secret out of a text. */
  censor(text: string): string;
}

/** What is written in one transaction. */
interface Batch {
  number: number;
  /** Added up in this transaction. */
  addition: UsageAddition | null;
  /** Put into the journal. */
  kept: KeptAddition[];
  refusals: MeteredRefusal[];
  rejections: number;
}

/**
 * Writes what the meter counted, every second and at the end. A batch is frozen and has a number: when it is not known
 * whether it was committed, because the connection broke just then, it is sent again as it was, and the database says
 * whether it was there. What is counted in the meantime waits in memory. More than can be added up within a second goes to
 * the journal.
 */
export class UsageWriter {
  readonly #options: WriterOptions;
  readonly #totals: UsageTotals;
  #refusals: MeteredRefusal[] = [];
  /** The batch that is written next, and those after it. */
  #batch: Batch | null = null;
  #batches: Iterator<Batch, void> = noBatches;
  #lastNumber = 0;
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<boolean> = Promise.resolve(true);
  #isStopped = false;
  #isFailing = false;
  /** Readings of the monotonic clock: of the last reading of the meter, and from before the oldest unwritten count. */
  #readAt: number;
  #unwrittenSince: number | null = null;
  readonly #counts = { batchesWritten: 0, batchesFailed: 0, refusalsDropped: 0, verificationsDropped: 0 };

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#totals = new UsageTotals({ censor: options.censor });
    this.#readAt = options.clock.monotonic();
  }

  start(): void {
    if (this.#isStopped) return;
    // Counted from the last reading, so that a flush that takes long does not make the next one late.
    const waitMs = Math.max(0, this.#readAt + intervalMs - this.#options.clock.monotonic());
    this.#timer = setTimeout(() => void this.flush().then(() => this.start()), waitMs);
  }

  /**
   * Makes all that was counted until now safe: it is added up, or kept for that.
   * @returns whether that succeeded. If it did not, nothing is lost: the next time goes on where this one ended.
   */
  flush(): Promise<boolean> {
    this.#flushing = this.#flushing.then(() => this.#flush());
    return this.#flushing;
  }

  /** Adds up all that was counted until now. @returns whether that succeeded, as `flush` does */
  async settle(): Promise<boolean> {
    do {
      if (!(await this.flush()) || !(await this.#options.journal.drain())) return false;
    } while (!this.#totals.isEmpty);
    return true;
  }

  /** Writes the rest, as far as that is possible in this time. Nothing may be counted any more. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const { journal, log } = this.#options;
    const patience = sleep(timeoutMs, false, { ref: false });
    if (!(await Promise.race([this.#flushUntilDone(timeoutMs), patience]))) {
      const { lagSeconds } = this.statistics;
      log.error({ lagSeconds }, 'stopped before all usage was written: these counts are lost');
    } else if (!(await Promise.race([journal.drain(), patience]))) {
      log.info(journal.statistics, 'stopped before all usage was added up: the next start goes on with it');
    }
    await Promise.race([journal.stop(), sleep(lastTransactionMs, null, { ref: false })]);
  }

  async #flushUntilDone(timeoutMs: number): Promise<boolean> {
    const { clock } = this.#options;
    const deadline = clock.monotonic() + timeoutMs;
    while (!(await this.flush())) {
      if (clock.monotonic() > deadline) return false;
      await sleep(retryMs);
    }
    return true;
  }

  /** For the metrics. */
  get statistics() {
    const { clock } = this.#options;
    const lagMs = this.#unwrittenSince === null ? 0 : clock.monotonic() - this.#unwrittenSince;
    const { parts, verificationsDropped } = this.#options.journal.statistics;
    return {
      ...this.#counts,
      verificationsDropped: this.#counts.verificationsDropped + this.#totals.dropped + verificationsDropped,
      partsKept: parts,
      lagSeconds: lagMs / 1000,
    };
  }

  async #flush(): Promise<boolean> {
    await this.#collect();
    try {
      // What is left from the last time goes first, as it was.
      await this.#writeBatches();
      // Then it grows in memory, where what belongs together is one.
      if (this.#isTooMuch()) return true;
      this.#batches = this.#cut();
      await this.#writeBatches();
    } catch (error) {
      this.#tellFailure(error);
      return false;
    }
    this.#unwrittenSince = null;
    if (this.#isFailing) this.#options.log.info({}, 'usage is written again');
    this.#isFailing = false;
    return true;
  }

  /** Takes in what was counted until now. What is counted in the meantime may wait for the next time. */
  async #collect(): Promise<void> {
    const { meter, clock } = this.#options;
    const readAt = clock.monotonic();
    let left = meter.unread;
    do {
      this.#takeIn(meter.read(maxCountersPerTurn));
      left -= maxCountersPerTurn;
      if (left > 0) await nextTurn();
    } while (left > 0);
    this.#readAt = readAt;
  }

  #takeIn(reading: MeterReading): void {
    const { censor, log } = this.#options;
    const { counters, refusals, refusalsDropped, serviceKeyUses } = reading;
    if (counters.length + refusals.length + serviceKeyUses.size > 0) this.#unwrittenSince ??= this.#readAt;
    const droppedBefore = this.#totals.dropped;
    this.#totals.add(reading);
    if (droppedBefore === 0 && this.#totals.dropped > 0) {
      log.error({}, 'usage could not be written for so long that memory is full: verifications go uncounted');
    }
    this.#refusals.push(...refusals.map((refusal) => cleanRefusal(refusal, censor)));
    const excess = this.#refusals.splice(0, this.#refusals.length - maxWaitingRefusals);
    this.#counts.refusalsDropped += refusalsDropped + excess.length;
  }

  /** Whether there is neither time to add up what was counted nor room to keep it for that. */
  #isTooMuch(): boolean {
    return this.#options.journal.isFull && this.#totals.size > maxDirect && !this.#isStopped;
  }

  #cut(): Iterator<Batch, void> {
    const isMuch = this.#totals.size > maxDirect;
    const [additions, refusals] = [this.#totals.cut(), this.#refusals];
    this.#refusals = [];
    return this.#makeBatches(additions, refusals, isMuch);
  }

  /** Makes each batch when it is asked for: all at once would hold up verifications. */
  *#makeBatches(
    additions: Iterable<UsageAddition>,
    refusals: MeteredRefusal[],
    isMuch: boolean,
  ): Generator<Batch, void> {
    const batch = (content: Partial<Batch>): Batch => {
      return {
        number: ++this.#lastNumber,
        addition: null,
        kept: [],
        refusals: [],
        rejections: 0,
        ...content,
      };
    };
    if (isMuch) {
      for (const part of portionsOf(additions, partsPerBatch))
        yield batch({ kept: this.#options.journal.name(part) });
    } else {
      for (const addition of additions) yield batch({ addition });
    }
    for (const part of portionsOf(refusals, maxRefusalsPerBatch)) yield batch({ refusals: part });
  }

  async #writeBatches(): Promise<void> {
    for (;;) {
      this.#batch ??= this.#batches.next().value ?? null;
      if (this.#batch === null) return;
      await this.#write(this.#batch);
      this.#batch = null;
    }
  }

  async #write(batch: Batch): Promise<void> {
    const { transaction, clock, node, journal } = this.#options;
    const { number, addition, kept, refusals } = batch;
    try {
      await transaction(async (stores) => {
        const now = clock.now();
        if (!(await stores.usage.claimBatch(node, number, now))) return;
        if (addition !== null) await stores.usage.add(addition, now);
        await stores.usage.keep(kept);
        await stores.refusals.insert(refusals);
      });
      this.#counts.batchesWritten++;
      if (kept.length > 0) journal.wake(kept.length);
    } catch (error) {
      this.#counts.batchesFailed++;
      if (!this.#giveUp(batch, error)) throw error;
    }
  }

  /** A batch that the database answers to and yet does not take must not hold up all that come after it. */
  #giveUp(batch: Batch, error: unknown): boolean {
    if (isOutage(error)) return false;
    batch.rejections++;
    if (batch.rejections < maxAttempts) return false;
    const lost = verificationsIn(batch);
    this.#counts.verificationsDropped += lost;
    this.#counts.refusalsDropped += batch.refusals.length;
    this.#options.log.error(
      { err: error, verifications: lost, refusals: batch.refusals.length },
      'the database does not take these counts: they are thrown away',
    );
    return true;
  }

  #tellFailure(error: unknown): void {
    const message = 'usage cannot be written: it is counted in memory until it can';
    if (!this.#isFailing) this.#options.log.warn({ err: error }, message);
    this.#isFailing = true;
  }
}

const noBatches: Iterator<Batch, void> = [].values();

function verificationsIn({ addition, kept }: Batch): number {
  const additions = kept.map((part) => part.addition);
  if (addition !== null) additions.push(addition);
  return additions.reduce((sum, one) => sum + countVerifications(one), 0);
}

function* portionsOf<T>(values: Iterable<T>, size: number): Generator<T[]> {
  let portion: T[] = [];
  for (const value of values) {
    portion.push(value);
    if (portion.length < size) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}
