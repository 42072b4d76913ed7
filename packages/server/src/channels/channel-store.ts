import type { ChannelGateway, ChannelPolicy } from '@keywright/contract';
import type { OwnKeys } from '../domain/caller.ts';
import type { Slice } from '../domain/paginate.ts';
import type { LockMode } from '../projects/project-store.ts';

export interface StoredChannel {
  id: string;
  projectId: string;
  slug: string;
  name: string;
  description: string | null;
  upstream: string | null;
  policy: ChannelPolicy;
  gateway: ChannelGateway;
  createdAt: number;
}

/**
 * Deleted channels are not seen through any of these; those of deleted projects are not found.
 * @param own narrows the number of keys to those that may be seen
 */
export interface ChannelStore {
  insert(channel: StoredChannel): Promise<void>;
  lock(id: string, mode: LockMode): Promise<StoredChannel | null>;
  find(id: string, own?: OwnKeys | null): Promise<(StoredChannel & { keyCount: number }) | null>;
  update(channel: StoredChannel): Promise<void>;
  delete(id: string, at: number): Promise<void>;
  /**
   * Makes the slug the project's, for good. False when it belongs to another project, or to another channel that
   * has it now.
   */
  claimSlug(slug: string, projectId: string, channelId: string): Promise<boolean>;
  /** Newest first. */
  list(
    projectId: string,
    slice: Slice,
    own?: OwnKeys | null,
  ): Promise<(StoredChannel & { keyCount: number })[]>;
  count(projectId: string, max: number): Promise<number>;
}
