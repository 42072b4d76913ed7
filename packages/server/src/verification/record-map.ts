import type { SecretHash } from '../keys/secret-format.ts';

/** Something that many records belong to (a project, a channel) and that can make them all stale at once. */
export interface Group {
  /** The one text that all its records share. */
  readonly id: string;
  isDropped: boolean;
}

/** A record in memory, found by the hash of a secret and dropped by the id of what it is. */
export interface CachedRecord {
  readonly hash: SecretHash;
  readonly id: string;
  readonly project: Group | null;
  readonly channel: Group | null;
}

/** Most instances have no more keys than this in use. */
const few = 4096;

/**
 * A bounded map of records, of which those asked for longest ago go first. Each has a place with a number, and all that
 * is known of the places lies in arrays of numbers, which are made for all the room there is as soon as there are more
 * than a few: among a million nothing is moved to make room, and the garbage collector has nothing to look through.
 *
 * What goes: time runs in epochs, each of which ends when half as many records as there is room for were asked for.
 * What was asked for in this epoch or the one before stays; that is less than there is room for, so that there is always
 * another, which the hand finds on its way around.
 */
export class RecordMap<R extends CachedRecord> {
  readonly #capacity: number;
  readonly #epochSize: number;
  /** For how many records there are places so far. */
  #places: number;
  #records: (R | null)[] = [];
  #free: number[] = [];
  #byHash: Chains;
  #byId: Chains;
  /** By place: the epoch in which its record was asked for last. */
  #epochs: Uint32Array;
  /** Of the first, nothing is older than the one before. */
  #epoch = 2;
  /** How many records were asked for in this epoch. */
  #asked = 0;
  #hand = 0;

  constructor(capacity: number) {
    this.#capacity = Math.max(1, capacity);
    this.#epochSize = Math.max(1, Math.floor(this.#capacity / 2));
    this.#places = Math.min(few, this.#capacity);
    this.#byHash = new Chains(this.#places);
    this.#byId = new Chains(this.#places);
    this.#epochs = new Uint32Array(this.#places);
  }

  get size(): number {
    return this.#records.length - this.#free.length;
  }

  get(hash: SecretHash): R | undefined {
    const place = this.#find(hash);
    if (place < 0) return undefined;
    const record = this.#records[place] as R;
    if (record.project?.isDropped || record.channel?.isDropped) {
      this.drop(record.id);
      return undefined;
    }
    if (this.#epochs[place] !== this.#epoch) this.#note(place);
    return record;
  }

  add(record: R): void {
    const former = this.#find(record.hash);
    if (former >= 0) this.#remove(former);
    const place = this.#makeRoom();
    this.#records[place] = record;
    this.#byHash.add(numberOfHash(record.hash), place);
    this.#byId.add(numberOfId(record.id), place);
    this.#note(place);
  }

  /** Forgets all records of a key. */
  drop(id: string): void {
    let place = this.#byId.first(numberOfId(id));
    while (place >= 0) {
      const next = this.#byId.next(place);
      if (this.#records[place]?.id === id) this.#remove(place);
      place = next;
    }
  }

  clear(): void {
    this.#records = [];
    this.#free = [];
    this.#places = Math.min(few, this.#capacity);
    this.#byHash = new Chains(this.#places);
    this.#byId = new Chains(this.#places);
    this.#epochs = new Uint32Array(this.#places);
    this.#hand = 0;
  }

  #find(hash: SecretHash): number {
    let place = this.#byHash.first(numberOfHash(hash));
    while (place >= 0 && this.#records[place]?.hash !== hash) place = this.#byHash.next(place);
    return place;
  }

  #note(place: number): void {
    this.#epochs[place] = this.#epoch;
    if (++this.#asked < this.#epochSize) return;
    this.#epoch++;
    this.#asked = 0;
  }

  #makeRoom(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#records.length < this.#capacity) {
      if (this.#records.length === this.#places) this.#makePlaces();
      return this.#records.push(null) - 1;
    }
    this.#remove(this.#oldest());
    return this.#free.pop() as number;
  }

  #makePlaces(): void {
    this.#places = this.#capacity;
    this.#byHash = new Chains(this.#places);
    this.#byId = new Chains(this.#places);
    const epochs = new Uint32Array(this.#places);
    epochs.set(this.#epochs);
    this.#epochs = epochs;
    for (const [place, record] of this.#records.entries()) {
      if (record === null) continue;
      this.#byHash.add(numberOfHash(record.hash), place);
      this.#byId.add(numberOfId(record.id), place);
    }
  }

  /** In a full map: the next place around whose record was asked for neither in this epoch nor in the one before. */
  #oldest(): number {
    for (let step = 0; step < this.#capacity; step++) {
      const place = this.#hand;
      this.#hand = place + 1 === this.#capacity ? 0 : place + 1;
      if ((this.#epochs[place] as number) < this.#epoch - 1) return place;
    }
    // With room for one record there is no such place.
    return this.#hand;
  }

  #remove(place: number): void {
    const { hash, id } = this.#records[place] as R;
    this.#byHash.remove(numberOfHash(hash), place);
    this.#byId.remove(numberOfId(id), place);
    this.#records[place] = null;
    this.#free.push(place);
  }
}

/** Places that share a number, as in a hash table: two arrays of numbers, filled with nothing but zeros at first. */
class Chains {
  readonly #mask: number;
  /** By number, and by the place before: the next place, plus one; 0 at the end. */
  readonly #firsts: Int32Array;
  readonly #nexts: Int32Array;

  constructor(capacity: number) {
    const length = 2 ** Math.ceil(Math.log2(capacity) + 1);
    this.#mask = length - 1;
    this.#firsts = new Int32Array(length);
    this.#nexts = new Int32Array(capacity);
  }

  /** -1 when there is none. */
  first(number: number): number {
    return (this.#firsts[number & this.#mask] as number) - 1;
  }

  next(place: number): number {
    return (this.#nexts[place] as number) - 1;
  }

  add(number: number, place: number): void {
    const index = number & this.#mask;
    this.#nexts[place] = this.#firsts[index] as number;
    this.#firsts[index] = place + 1;
  }

  remove(number: number, place: number): void {
    const index = number & this.#mask;
    const after = this.#nexts[place] as number;
    if (this.#firsts[index] === place + 1) {
      this.#firsts[index] = after;
      return;
    }
    let before = (this.#firsts[index] as number) - 1;
    while (before >= 0 && this.#nexts[before] !== place + 1) before = this.next(before);
    if (before >= 0) this.#nexts[before] = after;
  }
}

/** Four bytes of a SHA-256: as good as random. */
function numberOfHash(hash: SecretHash): number {
  return (
    hash.charCodeAt(0) | (hash.charCodeAt(1) << 8) | (hash.charCodeAt(2) << 16) | (hash.charCodeAt(3) << 24)
  );
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
