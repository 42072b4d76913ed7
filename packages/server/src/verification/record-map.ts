import type { SecretHash } from '../keys/secret-format.ts';
import { type CachedRecord, wordOf } from './cached-record.ts';

/**
 * A bounded map of records, of which those asked for longest ago go first.
 *
 * What goes: time runs in epochs, each of which ends when half as many records as there is room for were asked for.
 * What was asked for in this epoch or the one before stays; that is less than there is room for, so that there is always
 * another, which the hand finds on its way around.
 */
export class RecordMap<R extends CachedRecord> {
  readonly #capacity: number;
  readonly #epochSize: number;
  #byHash: Chains = new HashChains();
  #byId: Chains = new IdChains();
  /** Of the first, nothing is older than the one before. */
  #epoch = 2;
  /** How many records were asked for in this epoch. */
  #asked = 0;
  /** The chain that is looked at next for one that may go. */
  #hand = 0;

  constructor(capacity: number) {
    this.#capacity = Math.max(1, capacity);
    this.#epochSize = Math.max(1, Math.floor(this.#capacity / 2));
  }

  get size(): number {
    return this.#byHash.size;
  }

  get(hash: SecretHash): R | undefined {
    const record = this.#find(hash, wordOf(hash, 0));
    if (record === null) return undefined;
    if (record.project?.isDropped || record.channel?.isDropped) {
      this.drop(record.id);
      return undefined;
    }
    if (record.epoch !== this.#epoch) this.#note(record);
    return record as R;
  }

  add(record: R): void {
    record.idNumber = numberOfId(record.id);
    const former = this.#find(record.hash, record.hash0);
    if (former !== null) this.#remove(former);
    else if (this.size === this.#capacity) this.#remove(this.#oldest());
    this.#byHash.add(record);
    this.#byId.add(record);
    this.#note(record);
  }

  /** Forgets all records of a key. */
  drop(id: string): void {
    let record = this.#byId.first(numberOfId(id));
    while (record !== null) {
      const next = record.nextById;
      if (record.id === id) this.#remove(record);
      record = next;
    }
  }

  clear(): void {
    this.#byHash = new HashChains();
    this.#byId = new IdChains();
    this.#hand = 0;
  }

  #find(hash: SecretHash, hash0: number): CachedRecord | null {
    let record = this.#byHash.first(hash0);
    while (record !== null && !record.hasHash(hash, hash0)) record = record.nextByHash;
    return record;
  }

  #note(record: CachedRecord): void {
    record.epoch = this.#epoch;
    if (++this.#asked < this.#epochSize) return;
    this.#epoch++;
    this.#asked = 0;
  }

  /** In a full map: the next on the way around that was asked for neither in this epoch nor in the one before. */
  #oldest(): CachedRecord {
    // With room for one record there is no such record.
    let other: CachedRecord | null = null;
    for (let step = 0; step < this.#byHash.length; step++) {
      let record = this.#byHash.chain(this.#hand);
      while (record !== null && record.epoch >= this.#epoch - 1) {
        other = record;
        record = record.nextByHash;
      }
      if (record !== null) return record;
      this.#hand = this.#hand + 1 >= this.#byHash.length ? 0 : this.#hand + 1;
    }
    return other as CachedRecord;
  }

  #remove(record: CachedRecord): void {
    this.#byHash.remove(record);
    this.#byId.remove(record);
  }
}

/** Chains are kept in parts of so many: none is ever copied to make room. */
const partBits = 12;
const partSize = 2 ** partBits;
const fewest = 16;

/**
 * A hash table that grows without a pause: with each record that is added two chains come, into which the records of
 * two others go where they belong there (linear hashing, Litwin 1980). So there are twice as many chains as records.
 */
abstract class Chains {
  readonly #parts: (CachedRecord | null)[][] = [[]];
  size = 0;
  length = 0;
  /** One less than the power of two that `length` has not passed yet. */
  #mask = fewest - 1;

  constructor() {
    while (this.length < fewest) this.#append(null);
  }

  protected abstract number(record: CachedRecord): number;
  protected abstract next(record: CachedRecord): CachedRecord | null;
  protected abstract setNext(record: CachedRecord, next: CachedRecord | null): void;

  /** The first record of the chain in which those with this number are. */
  first(number: number): CachedRecord | null {
    return this.chain(this.#index(number));
  }

  chain(index: number): CachedRecord | null {
    return (this.#parts[index >>> partBits] as (CachedRecord | null)[])[
      index & (partSize - 1)
    ] as CachedRecord | null;
  }

  add(record: CachedRecord): void {
    this.size++;
    while (this.length < 2 * this.size) this.#grow();
    this.#push(this.#index(this.number(record)), record);
  }

  remove(record: CachedRecord): void {
    const index = this.#index(this.number(record));
    const after = this.next(record);
    let before = this.chain(index);
    if (before === record) this.#set(index, after);
    else {
      while (before !== null && this.next(before) !== record) before = this.next(before);
      if (before === null) return;
      this.setNext(before, after);
    }
    this.setNext(record, null);
    this.size--;
  }

  /** A chain that does not exist yet has its records in the one half as far. */
  #index(number: number): number {
    const index = number & this.#mask;
    return index < this.length ? index : index & (this.#mask >>> 1);
  }

  #grow(): void {
    if (this.length > this.#mask) this.#mask = 2 * this.#mask + 1;
    const from = this.length & (this.#mask >>> 1);
    let record = this.chain(from);
    this.#set(from, null);
    this.#append(null);
    while (record !== null) {
      const next = this.next(record);
      this.#push(this.#index(this.number(record)), record);
      record = next;
    }
  }

  #push(index: number, record: CachedRecord): void {
    this.setNext(record, this.chain(index));
    this.#set(index, record);
  }

  #set(index: number, record: CachedRecord | null): void {
    (this.#parts[index >>> partBits] as (CachedRecord | null)[])[index & (partSize - 1)] = record;
  }

  #append(record: CachedRecord | null): void {
    if (this.length >>> partBits === this.#parts.length) this.#parts.push([]);
    this.#set(this.length++, record);
  }
}

class HashChains extends Chains {
  protected number(record: CachedRecord): number {
    return record.hash0;
  }
  protected next(record: CachedRecord): CachedRecord | null {
    return record.nextByHash;
  }
  protected setNext(record: CachedRecord, next: CachedRecord | null): void {
    record.nextByHash = next;
  }
}

class IdChains extends Chains {
  protected number(record: CachedRecord): number {
    return record.idNumber;
  }
  protected next(record: CachedRecord): CachedRecord | null {
    return record.nextById;
  }
  protected setNext(record: CachedRecord, next: CachedRecord | null): void {
    record.nextById = next;
  }
}

/** FNV-1a. */
function numberOfId(id: string): number {
  let number = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) number = Math.imul(number ^ id.charCodeAt(i), 0x01000193);
  return number ^ (number >>> 15);
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
