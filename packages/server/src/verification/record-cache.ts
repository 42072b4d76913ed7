import type { Fence } from '../cluster/fence.ts';
import type { SecretHash } from '../keys/secret-format.ts';
import type { FollowedRow } from '../ledger/entry.ts';
import type { CachedRecord, Group } from './cached-record.ts';
import { Invalidations } from './invalidations.ts';
import { AbsenceMap, RecordMap } from './record-map.ts';
import type { MaybePromise } from './verification-store.ts';

interface Loaded {
  hash: SecretHash;
  id: string;
  projectId: string | null;
  channelId?: string | null;
}

export interface RecordCacheOptions<L extends Loaded, R extends CachedRecord> {
  load(hashes: SecretHash[]): MaybePromise<L[]>;
  /** Makes the record that is kept of what was loaded. */
  build(loaded: L, project: Group | null, channel: Group | null): R;
  /** What of the ledger is this cache's: rows with this subject drop records, and these actions make new secrets. */
  subjectType: string;
  issuingActions: ReadonlySet<string>;
  fence: Pick<Fence, 'isOpen'>;
  appliedSeq(): number;
  /** How many records, and apart from them how many hashes that nothing was found for, are kept. */
  capacity?: number;
  absenceCapacity?: number;
}

/** A query of more would meet the engines' bounds on parameters. */
const maxPerQuery = 256;

/** The outcome of a load, and what it found out on the way, for a hash. */
interface Load<R> {
  hash: SecretHash;
  promise: Promise<R | null>;
  resolve(record: R | null): void;
  reject(error: unknown): void;
}

/**
 * Records by the hash of their secret, which never outlive what the ledger says of them. How it stays true:
 * a row of the ledger drops the records that it makes stale, and detaches the loads in flight, so that later requests
 * start new ones; a load that ends after a row for its key, project or channel was applied loads again instead of
 * answering; what was not found counts only as long as no secret was issued since; and past the fence nothing is
 * read from memory, put into it, or shared with a load that was already sent.
 */
export class RecordCache<L extends Loaded, R extends CachedRecord> {
  readonly #options: RecordCacheOptions<L, R>;
  readonly #records: RecordMap<R>;
  readonly #absences: AbsenceMap;
  readonly #invalidations = new Invalidations();
  readonly #groups = new Map<string, Group>();
  /** Loads that were sent, and that a later request may share. */
  readonly #sent = new Map<SecretHash, Load<R>>();
  /** Loads that go out together at the end of this turn of the event loop. */
  #waiting = new Map<SecretHash, Load<R>>();
  #lastIssueSeq = 0;
  /** Rises when everything was forgotten; a load of an older epoch loads again. */
  #epoch = 0;
  readonly statistics = { hits: 0, absences: 0, loads: 0 };

  constructor(options: RecordCacheOptions<L, R>) {
    this.#options = options;
    this.#records = new RecordMap(options.capacity ?? 1_000_000);
    this.#absences = new AbsenceMap(options.absenceCapacity ?? 100_000);
  }

  get size(): number {
    return this.#records.size;
  }

  /**
   * The record, or null when there is none: at once from memory, else from the database.
   * @param wall a reading of the wall clock, if one was just made
   */
  get(hash: SecretHash, wall?: number): R | null | Promise<R | null> {
    if (!this.#options.fence.isOpen(wall)) return this.#enqueue(hash);
    const record = this.#records.get(hash);
    if (record !== undefined) {
      this.statistics.hits++;
      return record;
    }
    if ((this.#absences.get(hash) ?? -1) >= this.#lastIssueSeq) {
      this.statistics.absences++;
      return null;
    }
    return this.#sent.get(hash)?.promise ?? this.#enqueue(hash);
  }

  /** Drops what a row of the ledger makes stale. Rows come in order. */
  apply(row: FollowedRow): void {
    const { subjectType, issuingActions } = this.#options;
    if (issuingActions.has(row.action)) this.#lastIssueSeq = row.seq;
    const isGroup = row.subjectType === 'project' || row.subjectType === 'channel';
    if (!isGroup && row.subjectType !== subjectType) return;
    if (isGroup) this.#dropGroup(row.subjectId);
    else this.#records.drop(row.subjectId);
    this.#invalidations.add(row.subjectId, row.seq);
    this.#sent.clear();
  }

  /** Forgets everything: the ledger is not the one that was followed. */
  clear(): void {
    this.#epoch++;
    this.#records.clear();
    this.#absences.clear();
    this.#groups.clear();
    this.#sent.clear();
    this.#lastIssueSeq = 0;
    this.#invalidations.forgetAll(0);
  }

  #dropGroup(id: string): void {
    const group = this.#groups.get(id);
    if (group === undefined) return;
    group.isDropped = true;
    this.#groups.delete(id);
  }

  #group(id: string | null | undefined): Group | null {
    if (id === null || id === undefined) return null;
    let group = this.#groups.get(id);
    if (group === undefined) {
      group = { id, isDropped: false };
      this.#groups.set(id, group);
    }
    return group;
  }

  /** Joins the loads of this turn. They have not been sent, so that joining them is safe past the fence too. */
  #enqueue(hash: SecretHash): Promise<R | null> {
    const known = this.#waiting.get(hash);
    if (known !== undefined) return known.promise;
    if (this.#waiting.size === 0) setImmediate(() => this.#sendAll());
    const load: Load<R> = { hash, ...Promise.withResolvers<R | null>() };
    this.#waiting.set(hash, load);
    return load.promise;
  }

  #sendAll(): void {
    const loads = [...this.#waiting.values()];
    this.#waiting = new Map();
    for (let i = 0; i < loads.length; i += maxPerQuery) this.#send(loads.slice(i, i + maxPerQuery));
  }

  #send(loads: Load<R>[]): void {
    const started = {
      seq: this.#options.appliedSeq(),
      epoch: this.#epoch,
      isOpen: this.#options.fence.isOpen(),
    };
    if (started.isOpen) for (const load of loads) this.#sent.set(load.hash, load);
    this.statistics.loads += loads.length;
    try {
      const found = this.#options.load(loads.map((load) => load.hash));
      if (found instanceof Promise) {
        found.then(
          (rows) => this.#finish(loads, rows, started),
          (error) => this.#fail(loads, error),
        );
      } else this.#finish(loads, found, started);
    } catch (error) {
      this.#fail(loads, error);
    }
  }

  #finish(loads: Load<R>[], rows: L[], started: Started): void {
    const byHash = new Map(rows.map((row) => [row.hash, row]));
    const mayStore = started.isOpen && this.#options.fence.isOpen();
    for (const load of loads) {
      this.#unshare(load);
      const row = byHash.get(load.hash);
      if (this.#isStale(row, started)) this.#enqueue(load.hash).then(load.resolve, load.reject);
      else this.#settle(load, row, { seq: started.seq, mayStore });
    }
  }

  /** A row that no record can be made of fails its own load, not the others that came with it. */
  #settle(load: Load<R>, row: L | undefined, read: { seq: number; mayStore: boolean }): void {
    try {
      load.resolve(this.#keep(load.hash, row, read));
    } catch (error) {
      load.reject(error);
    }
  }

  #isStale(row: L | undefined, { seq, epoch }: Started): boolean {
    if (epoch !== this.#epoch) return true;
    if (row === undefined) return seq < this.#lastIssueSeq;
    const { id, projectId, channelId } = row;
    return [id, projectId, channelId ?? null].some((subject) => this.#invalidations.hasSince(subject, seq));
  }

  #keep(
    hash: SecretHash,
    row: L | undefined,
    { seq, mayStore }: { seq: number; mayStore: boolean },
  ): R | null {
    if (row === undefined) {
      if (mayStore) this.#absences.add(hash, seq);
      return null;
    }
    const record = this.#options.build(row, this.#group(row.projectId), this.#group(row.channelId));
    if (mayStore) this.#records.add(record);
    return record;
  }

  #fail(loads: Load<R>[], error: unknown): void {
    for (const load of loads) {
      this.#unshare(load);
      load.reject(error);
    }
  }

  #unshare(load: Load<R>): void {
    if (this.#sent.get(load.hash) === load) this.#sent.delete(load.hash);
  }
}

interface Started {
  seq: number;
  epoch: number;
  isOpen: boolean;
}
