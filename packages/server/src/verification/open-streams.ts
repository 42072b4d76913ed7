import type { Clock } from '../domain/clock.ts';
import type { FollowedRow } from '../ledger/entry.ts';
import type { VerificationRecord } from './verification-record.ts';
import type { Passed } from './verify.ts';

/** What was let through and is still going on: an exchange whose body streams, or a connection that was upgraded. */
export interface OpenStream extends Passed {
  key: VerificationRecord;
  /** Breaks it off. */
  close(): void;
}

interface OpenStreamsOptions {
  clock: Pick<Clock, 'now'>;
  /** The key as it is now, or null if the stream would not be let through any more. */
  recheck(stream: Passed): Promise<VerificationRecord | null>;
}

const sweepMs = 1000;
/** After these nothing has to be asked: whatever they are about lets nothing through. */
const deadlyActions = new Set([
  'key.revoked',
  'key.deactivated',
  'key.deleted',
  'channel.deleted',
  'project.deleted',
]);

/**
 * Streams that outlive the decision to let them through, and must not outlive what it stood on. A row of the ledger that
 * ends the key breaks its streams off at once; any other row about the key, its channel or its project has them decided
 * anew. Keys expire and secrets retire without a row, so that these times are looked at each second.
 */
export class OpenStreams {
  readonly #options: OpenStreamsOptions;
  readonly #byKey = new Map<string, Set<OpenStream>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: OpenStreamsOptions) {
    this.#options = options;
  }

  /** How many keys have streams open. */
  get size(): number {
    return this.#byKey.size;
  }

  /**
   * Call `remove` with the same stream when it has ended.
   * @param isLate whether something may have happened since it was let through: then it is decided anew
   */
  add(stream: OpenStream, isLate: boolean): void {
    const { id } = stream.key;
    const known = this.#byKey.get(id);
    if (known === undefined) this.#byKey.set(id, new Set([stream]));
    else known.add(stream);
    this.#timer ??= setInterval(() => this.#sweep(), sweepMs).unref();
    if (isLate) void this.#recheck(stream);
  }

  remove(stream: OpenStream): void {
    const { id } = stream.key;
    const known = this.#byKey.get(id);
    if (known?.delete(stream) && known.size === 0) this.#byKey.delete(id);
  }

  /** Call it after memory forgot what the row makes stale. */
  apply(row: FollowedRow): void {
    if (this.#byKey.size === 0) return;
    for (const stream of this.#concernedBy(row)) {
      if (deadlyActions.has(row.action)) this.#end(stream);
      else void this.#recheck(stream);
    }
  }

  /** The ledger is not the one that was followed, or cannot be followed: all are decided anew. */
  clear(): void {
    for (const stream of this.#all()) void this.#recheck(stream);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #concernedBy({ subjectType, subjectId }: FollowedRow): OpenStream[] {
    if (subjectType === 'key') return [...(this.#byKey.get(subjectId) ?? [])];
    if (subjectType === 'channel') return this.#all().filter(({ channelId }) => channelId === subjectId);
    if (subjectType === 'project') return this.#all().filter(({ key }) => key.projectId === subjectId);
    return [];
  }

  #all(): OpenStream[] {
    return [...this.#byKey.values()].flatMap((streams) => [...streams]);
  }

  /** Who cannot tell any more whether a stream may go on ends it: its client can ask again. */
  async #recheck(stream: OpenStream): Promise<void> {
    const key = await this.#options.recheck(stream).catch(() => null);
    if (key === null) this.#end(stream);
    else stream.key = key;
  }

  #sweep(): void {
    if (this.#byKey.size === 0) {
      this.stop();
      return;
    }
    const now = this.#options.clock.now();
    for (const streams of this.#byKey.values()) {
      for (const stream of streams) {
        const { expiresAt, retiresAt } = stream.key;
        if (isPast(expiresAt, now) || isPast(retiresAt, now)) this.#end(stream);
      }
    }
  }

  #end(stream: OpenStream): void {
    this.remove(stream);
    stream.close();
  }
}

function isPast(time: number | null, now: number): boolean {
  return time !== null && time <= now;
}
