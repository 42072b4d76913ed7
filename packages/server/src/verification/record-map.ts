import type { SecretHash } from '../keys/secret-format.ts';

/** Something that many records belong to (a project, a channel) and that can make them all stale at once. */
export interface Group {
  isDropped: boolean;
}

/** A record in memory, found by the hash of a secret and dropped by the id of what it is. */
export interface CachedRecord {
  readonly hash: SecretHash;
  readonly id: string;
  readonly project: Group | null;
  readonly channel: Group | null;
  /** The record of another secret of the same key. */
  sibling: this | null;
}

interface Generation<R> {
  byHash: Map<SecretHash, R>;
  /** The first record of a key; its others hang on it. All records of a key are in the same generation. */
  byId: Map<string, R>;
}

/**
 * A bounded map of records in two generations: when the young one is full it becomes the old one, and what of that
 * was not asked for in the meantime is forgotten with it, all at once and without a pass over its entries. What is
 * asked for moves to the young one and fills it as new records do, else the records in use would pile up without end.
 */
export class RecordMap<R extends CachedRecord> {
  readonly #generationSize: number;
  #young: Generation<R> = { byHash: new Map(), byId: new Map() };
  #old: Generation<R> = { byHash: new Map(), byId: new Map() };

  constructor(capacity: number) {
    this.#generationSize = Math.max(1, Math.floor(capacity / 2));
  }

  get size(): number {
    return this.#young.byHash.size + this.#old.byHash.size;
  }

  get(hash: SecretHash): R | undefined {
    const young = this.#young.byHash.get(hash);
    const record = young ?? this.#old.byHash.get(hash);
    if (record === undefined) return undefined;
    if (record.project?.isDropped || record.channel?.isDropped) {
      this.drop(record.id);
      return undefined;
    }
    if (young === undefined) this.#promote(record.id, 0);
    return record;
  }

  add(record: R): void {
    this.#promote(record.id, 1);
    const { byHash, byId } = this.#young;
    if (byHash.has(record.hash)) this.drop(record.id);
    record.sibling = byId.get(record.id) ?? null;
    byId.set(record.id, record);
    byHash.set(record.hash, record);
    if (byHash.size >= this.#generationSize) this.#turn();
  }

  /** Forgets all records of a key. */
  drop(id: string): void {
    for (const generation of [this.#young, this.#old]) {
      for (let record = generation.byId.get(id) ?? null; record !== null; record = record.sibling) {
        generation.byHash.delete(record.hash);
      }
      generation.byId.delete(id);
    }
  }

  clear(): void {
    this.#young = { byHash: new Map(), byId: new Map() };
    this.#old = { byHash: new Map(), byId: new Map() };
  }

  /** Moves all records of a key to the young generation, with room for some more of it. */
  #promote(id: string, more: number): void {
    const first = this.#old.byId.get(id);
    if (first === undefined) return;
    const records: R[] = [];
    for (let record: R | null = first; record !== null; record = record.sibling) records.push(record);
    for (const record of records) this.#old.byHash.delete(record.hash);
    this.#old.byId.delete(id);
    const needed = records.length + more;
    // A key that was rotated so often that its secrets fill a generation is read anew.
    if (needed > this.#generationSize) return;
    if (this.#young.byHash.size + needed > this.#generationSize) this.#turn();
    for (const record of records) this.#young.byHash.set(record.hash, record);
    this.#young.byId.set(id, first);
    if (this.#young.byHash.size >= this.#generationSize) this.#turn();
  }

  #turn(): void {
    this.#old = this.#young;
    this.#young = { byHash: new Map(), byId: new Map() };
  }
}

/** A bounded set of hashes that nothing was found for, each with the ledger's `seq` from before its read. */
export class AbsenceMap {
  readonly #generationSize: number;
  #young = new Map<SecretHash, number>();
  #old = new Map<SecretHash, number>();

  constructor(capacity: number) {
    this.#generationSize = Math.max(1, Math.floor(capacity / 2));
  }

  /** The `seq` as of which nothing was found, or undefined when this is not known. */
  get(hash: SecretHash): number | undefined {
    return this.#young.get(hash) ?? this.#old.get(hash);
  }

  add(hash: SecretHash, seq: number): void {
    this.#young.set(hash, seq);
    if (this.#young.size < this.#generationSize) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
