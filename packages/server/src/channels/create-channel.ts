import {
  type Channel,
  type CreateChannelBody,
  defaultChannelGateway,
  emptyChannelPolicy,
} from '@keywright/contract';
import { authorize, type Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { newId } from '../domain/id.ts';
import { checkPolicy, policyFor } from '../keys/policy-rules.ts';
import {
  channelSubject,
  checkUpstream,
  claimSlug,
  patchChannelPolicy,
  viewChannel,
} from './channel-rules.ts';
import type { StoredChannel } from './channel-store.ts';

/** @throws not_found, forbidden, slug_taken, validation_failed (policy, or an upstream that may not be sent to) */
export async function createChannel(
  context: Context,
  caller: Caller,
  projectId: string,
  input: CreateChannelBody,
): Promise<Channel> {
  authorize(caller, 'channels:write', projectId, 'project');
  await checkUpstream(context, input.upstream);
  const { value } = await context.change(caller, async (stores, now) => {
    const project = await stores.projects.lock(projectId, 'share');
    if (project === null) throw notFound('project');
    const channel: StoredChannel = {
      id: newId('channel', now),
      projectId,
      slug: input.slug,
      name: input.name,
      description: input.description ?? null,
      upstream: input.upstream ?? null,
      policy: patchChannelPolicy(emptyChannelPolicy, input.policy),
      gateway: { ...defaultChannelGateway, ...input.gateway },
      createdAt: now,
    };
    if (input.policy !== undefined) checkPolicy(policyFor(project, channel));
    await claimSlug(stores, channel);
    await stores.channels.insert(channel);
    const { slug, upstream, policy, gateway } = channel;
    const detail = { slug, upstream, policy, gateway };
    return { value: channel, entries: [{ action: 'channel.created', ...channelSubject(channel), detail }] };
  });
  return viewChannel({ ...value, keyCount: 0 });
}
