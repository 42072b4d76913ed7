import type { SecretHash } from '../keys/secret-format.ts';

/** Something that many records belong to (a project, a channel) and that can make them all stale at once. */
export interface Group {
  /** The one text that all its records share. */
  readonly id: string;
  isDropped: boolean;
}

interface Identity {
  hash: SecretHash;
  id: string;
  project: Group | null;
  channel: Group | null;
}

/**
 * A record in memory, found by the hash of a secret and dropped by the id of what it is. The hash lies in it as numbers,
 * and so does what the map keeps of it: among many records a lookup costs what it has to wait for memory, and each
 * string or link elsewhere would be one wait more, after the one for the record. A record is in one map at most.
 */
export class CachedRecord {
  /** The hash, four bytes in each, the first one lowest. */
  readonly hash0: number;
  readonly hash1: number;
  readonly hash2: number;
  readonly hash3: number;
  readonly hash4: number;
  readonly hash5: number;
  readonly hash6: number;
  readonly hash7: number;
  /** When it was asked for last, in the map's epochs. */
  epoch = 0;
  readonly project: Group | null;
  readonly channel: Group | null;
  nextByHash: CachedRecord | null = null;
  readonly id: string;
  idNumber = 0;
  nextById: CachedRecord | null = null;

  constructor({ hash, id, project, channel }: Identity) {
    this.hash0 = wordOf(hash, 0);
    this.hash1 = wordOf(hash, 4);
    this.hash2 = wordOf(hash, 8);
    this.hash3 = wordOf(hash, 12);
    this.hash4 = wordOf(hash, 16);
    this.hash5 = wordOf(hash, 20);
    this.hash6 = wordOf(hash, 24);
    this.hash7 = wordOf(hash, 28);
    this.project = project;
    this.channel = channel;
    this.id = id;
  }

  /** Put together anew each time. */
  get hash(): SecretHash {
    const { hash0, hash1, hash2, hash3, hash4, hash5, hash6, hash7 } = this;
    [hash0, hash1, hash2, hash3, hash4, hash5, hash6, hash7].forEach(writeWord);
    return bytes.toString('latin1') as SecretHash;
  }

  /** @param hash0 its first word */
  hasHash(hash: SecretHash, hash0: number): boolean {
    return (
      this.hash0 === hash0 &&
      this.hash1 === wordOf(hash, 4) &&
      this.hash2 === wordOf(hash, 8) &&
      this.hash3 === wordOf(hash, 12) &&
      this.hash4 === wordOf(hash, 16) &&
      this.hash5 === wordOf(hash, 20) &&
      this.hash6 === wordOf(hash, 24) &&
      this.hash7 === wordOf(hash, 28)
    );
  }
}

/** Four bytes of a hash as a number of 32 bits, which lies in the record and not elsewhere. */
export function wordOf(hash: SecretHash, start: number): number {
  return (
    hash.charCodeAt(start) |
    (hash.charCodeAt(start + 1) << 8) |
    (hash.charCodeAt(start + 2) << 16) |
    (hash.charCodeAt(start + 3) << 24)
  );
}

/** Where a hash is put together. */
const bytes = Buffer.alloc(32);

function writeWord(word: number, index: number): void {
  bytes.writeInt32LE(word, index * 4);
}
