import { hashSecret, type SecretHash } from '../keys/secret-format.ts';
import { RecordCache } from '../verification/record-cache.ts';
import { VerificationRecord } from '../verification/verification-record.ts';
import type { LoadedKey } from '../verification/verification-store.ts';
import { followedRow } from './fake-ledger.ts';
import { FakeVerificationStore } from './fake-verification-store.ts';

export interface Sizes {
  capacity?: number;
  absenceCapacity?: number;
}

/** A cache of keys over a store in memory, with a fence and a ledger that the test moves by hand. */
export class Bench {
  readonly store = new FakeVerificationStore();
  isOpen = true;
  appliedSeq = 0;
  readonly cache: RecordCache<LoadedKey, VerificationRecord>;

  constructor(sizes: Sizes = {}) {
    this.cache = new RecordCache({
      load: (hashes) => this.store.loadKeys(hashes),
      build: (loaded, project, channel) => new VerificationRecord(loaded, project, channel),
      subjectType: 'key',
      issuingActions: new Set(['key.created', 'key.rotated']),
      fence: { isOpen: () => this.isOpen },
      appliedSeq: () => this.appliedSeq,
      ...sizes,
    });
  }

  /** Puts a key into the store and answers the hash of its secret. */
  addKey(given: Partial<LoadedKey> = {}): SecretHash {
    return hashSecret(this.store.addKey(given));
  }

  /** The next row of the ledger reaches this node. */
  apply(action: string, subjectId: string, subjectType = 'key'): void {
    const row = followedRow(this.appliedSeq + 1, { action, subjectType, subjectId });
    this.cache.apply(row);
    this.appliedSeq = row.seq;
  }

  get(hash: SecretHash): Promise<VerificationRecord | null> {
    return Promise.resolve(this.cache.get(hash));
  }

  /** Loads until it is known: afterwards the cache answers at once. */
  async warm(hash: SecretHash): Promise<void> {
    await this.get(hash);
    if (this.cache.get(hash) instanceof Promise) throw new Error('it should be in memory');
  }

  get loads(): number {
    return this.store.reads.list().length;
  }
}
