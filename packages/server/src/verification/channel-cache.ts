import type { Fence } from '../cluster/fence.ts';
import type { FollowedRow } from '../ledger/entry.ts';
import type { LoadedChannel, MaybePromise } from './verification-store.ts';

interface ChannelCacheOptions {
  load(idOrSlug: string): MaybePromise<LoadedChannel | null>;
  fence: Pick<Fence, 'isOpen'>;
  appliedSeq(): number;
}

const capacity = 10_000;

/**
 * Channels by id and by slug. They are few and rarely change: any row about a channel or a project forgets them all,
 * and a load that such a row overtook loads again.
 */
export class ChannelCache {
  readonly #options: ChannelCacheOptions;
  readonly #channels = new Map<string, LoadedChannel>();
  #changedSeq = 0;
  #epoch = 0;

  constructor(options: ChannelCacheOptions) {
    this.#options = options;
  }

  get(idOrSlug: string): MaybePromise<LoadedChannel | null> {
    const known = this.#options.fence.isOpen() ? this.#channels.get(idOrSlug) : undefined;
    return known ?? this.#load(idOrSlug);
  }

  apply(row: FollowedRow): void {
    if (row.subjectType !== 'channel' && row.subjectType !== 'project') return;
    this.#channels.clear();
    this.#changedSeq = row.seq;
  }

  clear(): void {
    this.#channels.clear();
    // The next ledger may be shorter than the one that was followed.
    this.#changedSeq = 0;
    this.#epoch++;
  }

  #load(idOrSlug: string): MaybePromise<LoadedChannel | null> {
    const started = {
      seq: this.#options.appliedSeq(),
      epoch: this.#epoch,
      isOpen: this.#options.fence.isOpen(),
    };
    const loaded = this.#options.load(idOrSlug);
    if (!(loaded instanceof Promise)) return this.#keep(idOrSlug, loaded, started.isOpen);
    return loaded.then((channel) => {
      if (started.epoch !== this.#epoch || started.seq < this.#changedSeq) return this.#load(idOrSlug);
      return this.#keep(idOrSlug, channel, started.isOpen);
    });
  }

  #keep(idOrSlug: string, channel: LoadedChannel | null, wasOpen: boolean): LoadedChannel | null {
    if (channel === null || !wasOpen || !this.#options.fence.isOpen()) return channel;
    if (this.#channels.size >= capacity) this.#channels.clear();
    this.#channels.set(idOrSlug, channel);
    return channel;
  }
}
