import type { Clock } from '../domain/clock.ts';
import type { Follower } from '../ledger/follow.ts';
import type { Fence } from './fence.ts';
import { type NodeStore, RegistrationLost } from './node-store.ts';

/** How long a node that is cut off from the database may answer from memory, and a revocation take at worst. */
export const leaseMs = 10_000;
const intervalMs = 1000;
/** Sooner after one that failed: the lease is running out, and where connections keep breaking it takes many attempts. */
const retryMs = 200;

interface HeartbeatOptions {
  store: Pick<NodeStore, 'beat'>;
  follower: Follower;
  fence: Fence;
  clock: Clock;
  /** Told the database's clock minus this machine's, in milliseconds. */
  onOffset(offsetMs: number): void;
  /** Told when beats begin to fail, or to fail for what an operator must see to (with the error); null: all is well again. */
  onStateChange(error: unknown): void;
  /** Told with each beat that fails once the fence is closed: no row tells any more what was revoked meanwhile. */
  onCutOff(): void;
}

/** Every second, and sooner after a failure: renew the registration, learn the head, apply what is new, and only then open the fence for a lease. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> = Promise.resolve();
  /** What `onStateChange` was told last. */
  #told = 'well';
  #isStopped = false;
  /** Of the last beat that came through: when it was sent (monotonic), how long the database took, the head it told. */
  #last = { sentMs: Number.NEGATIVE_INFINITY, roundTripMs: 0, headSeq: 0 };

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** For the metrics; the age is that of the last beat that came through. */
  get statistics() {
    const { sentMs, roundTripMs, headSeq } = this.#last;
    return { ageMs: this.#options.clock.monotonic() - sentMs, roundTripMs, headSeq };
  }

  /** The first beat. Nothing may be answered from memory, nor loaded into it, before it succeeded. */
  async start(): Promise<void> {
    await this.#options.follower.restart();
    await this.#beat();
    this.#schedule(intervalMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#beating;
    this.#options.fence.close();
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#beating = this.#beatOrTell().then((nextMs) => this.#schedule(nextMs));
    }, delayMs);
  }

  /** @returns when the next one is to be sent */
  async #beatOrTell(): Promise<number> {
    try {
      await this.#beat();
      this.#tell(null);
      return intervalMs;
    } catch (error) {
      const { fence, onCutOff } = this.#options;
      const isLost = error instanceof RegistrationLost;
      // The other process waits for nobody: what is left of this one's lease counts for nothing.
      if (isLost) fence.close();
      if (!fence.isOpen()) onCutOff();
      this.#tell(error);
      return isLost ? intervalMs : retryMs;
    }
  }

  #tell(error: unknown): void {
    const state = error === null ? 'well' : error instanceof RegistrationLost ? error.message : 'failing';
    if (state === this.#told) return;
    this.#told = state;
    this.#options.onStateChange(error);
  }

  async #beat(): Promise<void> {
    const { store, follower, fence, clock, onOffset } = this.#options;
    const sent = { monotonic: clock.monotonic(), wall: clock.wall() };
    const { applied } = follower;
    const beat = await store.beat(applied.seq);
    const roundTripMs = clock.monotonic() - sent.monotonic;
    onOffset(beat.databaseTimeMs - (sent.wall + clock.wall()) / 2);
    // Another ledger than the one that was followed: a restore, or a failover that lost rows.
    if (beat.appliedHash === null || !beat.appliedHash.equals(applied.hash)) await follower.restart();
    if (follower.applied.seq < beat.headSeq) await follower.catchUp();
    if (follower.applied.seq < beat.headSeq) throw new Error('the ledger ends before its head');
    fence.renew(sent, leaseMs);
    this.#last = { sentMs: sent.monotonic, roundTripMs, headSeq: beat.headSeq };
  }
}
