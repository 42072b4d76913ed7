import type { Channel, Page } from '@keywright/contract';
import { authorize, type Caller, ownKeys } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { paginate } from '../domain/paginate.ts';
import { viewChannel } from './channel-rules.ts';

/**
 * The channels of a project, newest first.
 * @throws not_found, forbidden, validation_failed for a cursor of another list
 */
export async function listChannels(
  { stores }: Context,
  caller: Caller,
  projectId: string,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ items: Channel[]; page: Page }> {
  authorize(caller, 'channels:read', projectId, 'project');
  if ((await stores.projects.find(projectId)) === null) throw notFound('project');
  const { items, page } = await paginate({
    limit,
    cursor,
    binding: ['channels', projectId],
    read: (slice) => stores.channels.list(projectId, slice, ownKeys(caller)),
    count: (max) => stores.channels.count(projectId, max),
    positionOf: (channel) => ({ value: null, id: channel.id }),
  });
  return { items: items.map(viewChannel), page };
}
