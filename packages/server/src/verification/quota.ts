import type { Fence } from '../cluster/fence.ts';
import type { Clock } from '../domain/clock.ts';
import { Turnstile } from '../domain/turnstile.ts';
import type {
  HeldBlock,
  QuotaHoldings,
  QuotaState,
  Reservation,
  ReservationRequest,
} from '../keys/quota-store.ts';
import type { FollowedRow } from '../ledger/entry.ts';
import { KeyMeter, type Moment, type Taken } from './key-meter.ts';
import { KeyedQueue } from './keyed-queue.ts';
import type { LimitedKey } from './limiter.ts';
import { createPatrol } from './patrol.ts';
import { Refill } from './refill.ts';

/** The quotas in the database, each call a transaction of its own. */
export interface QuotaBank {
  reserve(request: ReservationRequest): Promise<Reservation>;
  giveBack(blocks: readonly HeldBlock[]): Promise<void>;
}

export interface QuotaMeterOptions {
  bank: QuotaBank;
  clock: Pick<Clock, 'now' | 'monotonic' | 'isSettled'>;
  fence: Pick<Fence, 'isOpen'>;
  /** Told when units could not be given back: they count as used. */
  onLost(error: unknown): void;
}

interface Entry {
  meter: KeyMeter;
  /** Not sent yet: it may be joined. */
  waiting: Refill | null;
  isSending: boolean;
}

/** Milliseconds. */
const stopTimeoutMs = 1000;
/** After so long without a request, what is held is given back; after the other, the key is forgotten. */
const idleMs = 2000;
const forgetMs = 60_000;
const blocksPerReturn = 500;
/** However many keys ask, changes and loads find the database free: PostgreSQL has ten connections. */
const callsAtOnce = 5;

/** After these rows what is held may be worth less, or nothing; of the others none is about quotas. */
const droppingActions = new Set(['key.updated', 'key.quota_reset', 'key.revoked', 'key.deleted']);

/**
 * Spends quotas. Units are reserved in the database before they are spent, some ahead, so that a crash may waste units
 * but never lets more through. Requests that need a reservation at the same time share one; what is about one key goes
 * to the database in order. A row of the ledger about the key drops what is held: it goes back, where it still counts.
 * An outcome of the database that is not known counts as spent: nothing is given back twice.
 */
export class QuotaMeter implements QuotaHoldings {
  readonly #options: QuotaMeterOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #queue = new KeyedQueue();
  readonly #turnstile = new Turnstile(callsAtOnce);
  /** On their way back to the database. */
  readonly #returning = new Map<string, HeldBlock>();
  #idle: HeldBlock[] = [];
  readonly #patrol = createPatrol(this.#entries, (_, entry) => this.#look(entry));
  /** Rises when the ledger is another: what was reserved by the former one is not this one's. */
  #epoch = 0;

  constructor(options: QuotaMeterOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Spends units that are held. Null when it takes a reservation to tell.
   * @param hasWaited for a reservation, which then counts past the fence too: it is younger than the request
   */
  take(keyId: string, cost: number, hasWaited: boolean): Taken | null {
    return this.#entries.get(keyId)?.meter.take(cost, this.#moment(hasWaited)) ?? null;
  }

  /**
   * Waits for a reservation that is sent after this call. What came of it, `take` tells.
   * @throws unavailable when the database is out of reach
   */
  refill(key: LimitedKey, cost: number): Promise<void> {
    const entry = this.#entryOf(key);
    entry.waiting ??= new Refill((refill) => {
      if (entry.waiting === refill) entry.waiting = null;
    });
    const waiting = entry.waiting.join(cost, key.quota?.limit ?? 0);
    if (!entry.isSending) this.#send(entry);
    return waiting;
  }

  spent(keyId: string, stored: QuotaState): QuotaState {
    const block = this.#returning.get(keyId) ?? this.#entries.get(keyId)?.meter.block() ?? null;
    const isOf =
      block?.state.generation === stored.generation && block.state.periodStart === stored.periodStart;
    if (!isOf) return stored;
    // The row may have been read before the reservation that the block is from.
    return { ...stored, used: Math.max(stored.used, block.state.used) - block.units };
  }

  apply({ action, subjectType, subjectId }: FollowedRow): void {
    if (action === 'project.deleted') {
      for (const entry of this.#entries.values())
        if (entry.meter.projectId === subjectId) this.#drop(entry, false);
    } else if (subjectType === 'key' && droppingActions.has(action)) {
      const entry = this.#entries.get(subjectId);
      if (entry !== undefined) this.#drop(entry, action !== 'key.deleted');
    }
  }

  /** Forgets everything: the ledger is not the one that was followed. */
  clear(): void {
    this.#epoch++;
    for (const entry of this.#entries.values()) this.#drop(entry, false);
  }

  /** Gives back what keys hold that are idle, among some of them; called again and again it comes to all. */
  sweep(count: number): void {
    this.#patrol(count);
    void this.#returnAll(this.#idle);
    this.#idle = [];
  }

  /** Gives back all that is held. */
  async stop(): Promise<void> {
    const { promise: impatience, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#options.onLost(new Error('the database did not answer in time'));
      resolve();
    }, stopTimeoutMs);
    const returning = this.#queue.settle().then(() => {
      const blocks = [...this.#entries.values()].flatMap(({ meter }) => meter.block() ?? []);
      this.#entries.clear();
      return this.#returnAll(blocks);
    });
    await Promise.race([returning, impatience]);
    clearTimeout(timer);
  }

  #moment(hasWaited: boolean): Moment {
    const { clock, fence } = this.#options;
    return { now: clock.now(), monotonic: clock.monotonic(), isTrusted: hasWaited || fence.isOpen() };
  }

  #entryOf({ id, projectId }: LimitedKey): Entry {
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = { meter: new KeyMeter(id, projectId), waiting: null, isSending: false };
      this.#entries.set(id, entry);
    }
    return entry;
  }

  #send(entry: Entry): void {
    entry.isSending = true;
    void this.#queue
      .run([entry.meter.keyId], () => this.#turnstile.run(() => this.#reserve(entry)))
      .finally(() => {
        entry.isSending = false;
        if (entry.waiting !== null) this.#send(entry);
      });
  }

  /** Never fails: those who wait are told. */
  async #reserve(entry: Entry): Promise<void> {
    // What comes in one turn of the event loop goes together, and who was served by the last one has spent.
    await new Promise((resolve) => setImmediate(resolve));
    const refill = entry.waiting;
    if (refill === null) return;
    entry.waiting = null;
    const { meter } = entry;
    const epoch = this.#epoch;
    const sent = this.#moment(false);
    const held = meter.heldAt(sent);
    const missing = refill.demand - held;
    if (held > 0 && missing <= 0) return refill.finish();
    const ahead = sent.isTrusted && missing > 0 ? meter.reserveAhead(refill.limit, sent.monotonic) : 0;
    try {
      const reservation = await this.#options.bank.reserve({
        keyId: meter.keyId,
        least: Math.max(0, refill.least - held),
        wanted: Math.max(missing, ahead),
        now: sent.now,
        isSettled: this.#options.clock.isSettled(),
      });
      if (this.#entries.get(meter.keyId) === entry) {
        meter.receive(reservation, this.#options.clock.monotonic());
      } else if (reservation.granted > 0) {
        // Dropped in the meantime: it may be from before what the row tells of.
        await this.#giveBack(
          [{ keyId: meter.keyId, units: reservation.granted, state: reservation.state }],
          epoch,
        );
      }
      refill.finish();
    } catch (error) {
      refill.fail(error);
    }
  }

  #drop(entry: Entry, givesBack: boolean): void {
    this.#entries.delete(entry.meter.keyId);
    entry.waiting?.finish();
    entry.waiting = null;
    const block = givesBack ? entry.meter.block() : null;
    if (block !== null) void this.#returnAll([block]);
  }

  #look(entry: Entry): void {
    const { meter } = entry;
    if (entry.isSending || this.#queue.isBusy(meter.keyId)) return;
    const block = meter.block();
    if (!meter.isIdle(this.#options.clock.monotonic(), block === null ? forgetMs : idleMs)) return;
    this.#entries.delete(meter.keyId);
    if (block !== null) this.#idle.push(block);
  }

  async #returnAll(blocks: readonly HeldBlock[]): Promise<void> {
    const epoch = this.#epoch;
    if (blocks.length === 0) return;
    for (const block of blocks) this.#returning.set(block.keyId, block);
    const keyIds = blocks.map(({ keyId }) => keyId);
    await this.#queue.run(keyIds, async () => {
      for (let i = 0; i < blocks.length; i += blocksPerReturn)
        await this.#turnstile.run(() => this.#giveBack(blocks.slice(i, i + blocksPerReturn), epoch));
    });
    for (const block of blocks)
      if (this.#returning.get(block.keyId) === block) this.#returning.delete(block.keyId);
  }

  async #giveBack(blocks: readonly HeldBlock[], epoch: number): Promise<void> {
    if (epoch !== this.#epoch) return;
    try {
      await this.#options.bank.giveBack(blocks);
    } catch (error) {
      this.#options.onLost(error);
    }
  }
}
