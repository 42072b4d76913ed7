import type { RefusalCode } from '@keywright/contract';
import type { Slice } from '../domain/paginate.ts';
import type { MeteredRefusal } from '../verification/usage-meter.ts';

/**
 * What was refused is kept for a day, and of it this many at most, the oldest out first: some 60 MB with their indexes.
 * A process keeps 1,000 of a second at most.
 */
export const maxRefusals = 100_000;
export const refusalsKeptMs = 24 * 3_600_000;

/** A refusal as it is read: the name is the key's of today, also when it is deleted. */
export interface StoredRefusal extends Omit<MeteredRefusal, 'keyId' | 'scopes'> {
  /** In the order in which they were written. */
  id: number;
  scopes: string[];
  key: { id: string; name: string } | null;
}

interface RefusalQuery {
  requestId: string;
  /** Left out: of any project, or of none. */
  projectId?: string;
  /** Left out: of any key, or of none; else of this owner's keys only. */
  ownerId?: string;
  since: number;
}

/** What is left out is not asked for. */
export interface RefusalFilter {
  projectId: string;
  /** Only of this owner's keys. */
  ownerId?: string;
  keyId?: string;
  code?: RefusalCode;
  /** By id or slug, whichever of the two the request had. */
  channel?: string;
  since: number;
}

/** A part of a list, from a place on that is itself not in it. */
export interface RefusalSlice extends Omit<Slice, 'from'> {
  from: { at: number; id: number } | null;
}

/** Times are milliseconds since 1970. */
export interface RefusalStore {
  insert(refusals: MeteredRefusal[]): Promise<void>;
  /** The last one of this request id: ids that callers choose may come again. */
  find(query: RefusalQuery): Promise<StoredRefusal | null>;
  /** Newest first; of one time the one that was written last. */
  list(filter: RefusalFilter, slice: RefusalSlice): Promise<StoredRefusal[]>;
  count(filter: RefusalFilter, max: number): Promise<number>;
  /**
   * Forgets the oldest: those before a moment, and what goes beyond `max`.
   * @returns how many; fewer than `limit` when there are no more to forget
   */
  forget(bounds: { before: number; max: number }, limit: number): Promise<number>;
}
