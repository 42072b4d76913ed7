import type { Policy, Preset } from '@keywright/contract';
import type { OwnKeys } from '../domain/caller.ts';
import type { Slice } from '../domain/paginate.ts';

export interface StoredProject {
  id: string;
  name: string;
  preset: Preset;
  policy: Policy;
  wording: Record<string, string>;
  createdAt: number;
}

/** `share` lets other changes inside the project go on beside; `update` is for changing the project itself. */
export type LockMode = 'share' | 'update';

/**
 * Deleted projects are not seen through any of these.
 * @param own narrows the number of keys to those that may be seen
 */
export interface ProjectStore {
  insert(project: StoredProject): Promise<void>;
  /** Null when there is none. The lock holds until the transaction ends. */
  lock(id: string, mode: LockMode): Promise<StoredProject | null>;
  find(id: string, own?: OwnKeys | null): Promise<(StoredProject & { keyCount: number }) | null>;
  /** Those of these that there are, in the order of their ids. */
  listNames(ids: string[]): Promise<{ id: string; name: string }[]>;
  update(project: StoredProject): Promise<void>;
  delete(id: string, at: number): Promise<void>;
  /** Newest first; `only` narrows to these. */
  list(
    only: string[] | null,
    slice: Slice,
    own?: OwnKeys | null,
  ): Promise<(StoredProject & { keyCount: number })[]>;
  count(only: string[] | null, max: number): Promise<number>;
}
