import type { Key } from '@keywright/contract';

/**
 * A secret that was just made. It lives in the state of the dialog that shows it and nowhere else: in no query's cache, no
 * address, no storage.
 */
export interface IssuedSecret {
  key: Key;
  secret: string;
  /** How it came about: the dialog's words depend on it. */
  by: 'create' | 'rotate';
}
