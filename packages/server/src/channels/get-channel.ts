import type { Channel } from '@keywright/contract';
import { authorize, type Caller, ownKeys } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { viewChannel } from './channel-rules.ts';

/** @throws not_found, forbidden */
export async function getChannel({ stores }: Context, caller: Caller, channelId: string): Promise<Channel> {
  const channel = await stores.channels.find(channelId, ownKeys(caller));
  if (channel === null) throw notFound('channel');
  authorize(caller, 'channels:read', channel.projectId, 'channel');
  return viewChannel(channel);
}
