import type { NodeStore } from '../cluster/node-store.ts';
import type { Stores } from '../domain/context.ts';
import type { VerificationStore } from '../verification/verification-store.ts';
import type { Engine } from './engine.ts';

export interface DatabaseLoad {
  open: number;
  busy: number;
  /** How many wait for one to be free. */
  waiting: number;
}

/** A database that is open, at the program's schema, and this process's. */
export interface Storage {
  engine: Engine;
  /** One transaction; rolled back when `run` throws. Deadlocks and serialization failures are tried again. */
  transaction<T>(run: (stores: Stores) => Promise<T>): Promise<T>;
  /** The same for what no request waits for. On SQLite it is made in a thread of its own, beside verifications. */
  backgroundTransaction<T>(run: (stores: Stores) => Promise<T>): Promise<T>;
  /** For lists, searches, exports and single reads, off the way of verifications. */
  stores: Stores;
  verification: VerificationStore;
  node: NodeStore;
  /**
   * @param tell told when the database was restarted, or is on another server from here on, before anything is asked of
   *   it: its ledger may lack rows that were followed
   */
  onMove(tell: () => void): void;
  /** How busy the connections are on which changes are made. */
  load(): DatabaseLoad;
  /** @see Context.scrub */
  scrub(): Promise<void>;
  close(): Promise<void>;
}
