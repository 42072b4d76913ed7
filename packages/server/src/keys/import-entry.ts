import type { Policy } from '@keywright/contract';
import type { NewSecret, StoredKey } from './key-store.ts';

/** A key of an import as it will be stored. */
export interface ImportEntry {
  key: StoredKey;
  secret: NewSecret;
  /** What holds where the key belongs; null when there is no such place. */
  policy: Policy | null;
}
