import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../domain/clock.ts';
import type { Stores } from '../domain/context.ts';
import { DomainError } from '../domain/error.ts';
import type { MeteredRefusal, UsageMeter } from '../verification/usage-meter.ts';
import { cleanRefusal } from './clean-refusal.ts';
import type { UsageAddition } from './usage-store.ts';
import { UsageTotals } from './usage-totals.ts';

/** A little less than the second that a process may lose when it is killed: writing takes its time too. */
const intervalMs = 800;
const retryMs = 100;
/** How many refusals wait for a database that does not answer. */
const maxWaitingRefusals = 1000;
const maxRefusalsPerBatch = 250;
/** How often a batch is tried that the database does not take though it answers. */
const maxRejections = 5;

interface WriterOptions {
  meter: Pick<UsageMeter, 'read'>;
  transaction<T>(run: (stores: Stores) => Promise<T>): Promise<T>;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  /** A name that no other process has, nor this one after another start. */
  node: string;
  /** Takes what looks like a secret out of a text. */
  censor(text: string): string;
  log: Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;
}

/** What is written in one transaction. */
interface Batch {
  number: number;
  addition: UsageAddition | null;
  refusals: MeteredRefusal[];
  rejections: number;
}

/**
 * Writes what the meter counted, every second and at the end. A batch is frozen and has a number: when it is not known
 * whether it was committed, because the connection broke just then, it is sent again as it was, and the database says
 * whether it was there. What is counted in the meantime waits in memory.
 */
export class UsageWriter {
  readonly #options: WriterOptions;
  readonly #totals: UsageTotals;
  #refusals: MeteredRefusal[] = [];
  #queue: Batch[] = [];
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
   * Writes all that was counted until now.
   * @returns whether that succeeded. If it did not, nothing is lost: the next time goes on where this one ended.
   */
  flush(): Promise<boolean> {
    this.#flushing = this.#flushing.then(() => this.#flush());
    return this.#flushing;
  }

  /** Writes the rest, as far as that is possible in this time. Nothing may be counted any more. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const { clock, log } = this.#options;
    const deadline = clock.monotonic() + timeoutMs;
    const writeAll = async (): Promise<boolean> => {
      while (!(await this.flush())) {
        if (clock.monotonic() > deadline) return false;
        await sleep(retryMs);
      }
      return true;
    };
    const patience = sleep(timeoutMs, false, { ref: false });
    if (await Promise.race([writeAll(), patience])) return;
    log.error({ batches: this.#queue.length }, 'stopped before all usage was written: these counts are lost');
  }

  /** For the metrics. */
  get statistics() {
    const { clock } = this.#options;
    const lagMs = this.#unwrittenSince === null ? 0 : clock.monotonic() - this.#unwrittenSince;
    const verificationsDropped = this.#counts.verificationsDropped + this.#totals.dropped;
    return { ...this.#counts, verificationsDropped, lagSeconds: lagMs / 1000 };
  }

  async #flush(): Promise<boolean> {
    this.#collect();
    try {
      // What is left from the last time goes first, as it was.
      await this.#writeQueue();
      this.#queue = this.#cut();
      await this.#writeQueue();
    } catch (error) {
      this.#tellFailure(error);
      return false;
    }
    this.#unwrittenSince = null;
    if (this.#isFailing) this.#options.log.info({}, 'usage is written again');
    this.#isFailing = false;
    return true;
  }

  #collect(): void {
    const { meter, clock, censor, log } = this.#options;
    const reading = meter.read();
    const { counters, refusals, refusalsDropped, serviceKeyUses } = reading;
    if (counters.length + refusals.length + serviceKeyUses.size > 0) this.#unwrittenSince ??= this.#readAt;
    this.#readAt = clock.monotonic();
    const droppedBefore = this.#totals.dropped;
    this.#totals.add(reading);
    if (droppedBefore === 0 && this.#totals.dropped > 0) {
      log.error({}, 'usage could not be written for so long that memory is full: verifications go uncounted');
    }
    this.#refusals.push(...refusals.map((refusal) => cleanRefusal(refusal, censor)));
    const excess = this.#refusals.splice(0, this.#refusals.length - maxWaitingRefusals);
    this.#counts.refusalsDropped += refusalsDropped + excess.length;
  }

  #cut(): Batch[] {
    const batches: Batch[] = [];
    const push = (addition: UsageAddition | null, refusals: MeteredRefusal[]) =>
      batches.push({ number: ++this.#lastNumber, addition, refusals, rejections: 0 });
    for (const addition of this.#totals.cut()) push(addition, []);
    for (let i = 0; i < this.#refusals.length; i += maxRefusalsPerBatch) {
      push(null, this.#refusals.slice(i, i + maxRefusalsPerBatch));
    }
    this.#refusals = [];
    return batches;
  }

  async #writeQueue(): Promise<void> {
    for (let batch = this.#queue[0]; batch !== undefined; batch = this.#queue[0]) {
      await this.#write(batch);
      this.#queue.shift();
    }
  }

  async #write(batch: Batch): Promise<void> {
    const { transaction, clock, node } = this.#options;
    const { number, addition, refusals } = batch;
    try {
      await transaction(async (stores) => {
        if (!(await stores.usage.claimBatch(node, number, clock.now()))) return;
        if (addition !== null) await stores.usage.add(addition);
        await stores.refusals.insert(refusals);
      });
      this.#counts.batchesWritten++;
    } catch (error) {
      this.#counts.batchesFailed++;
      if (!this.#giveUp(batch, error)) throw error;
    }
  }

  /** A batch that the database answers to and yet does not take must not hold up all that come after it. */
  #giveUp(batch: Batch, error: unknown): boolean {
    if (error instanceof DomainError && error.code === 'unavailable') return false;
    batch.rejections++;
    if (batch.rejections < maxRejections) return false;
    const lost = countVerifications(batch);
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

function countVerifications({ addition }: Batch): number {
  const counts = addition?.counts.filter(({ subject }) => subject.type === 'secret') ?? [];
  return counts.reduce((sum, { count }) => sum + count, 0);
}
