import type { Channel, Propagation, UpdateChannelBody } from '@keywright/contract';
import { authorize, type Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { checkPolicy, policyFor } from '../keys/policy-rules.ts';
import type { Json, JsonObject } from '../ledger/entry.ts';
import {
  channelSubject,
  checkUpstream,
  claimSlug,
  lockChannel,
  patchChannelPolicy,
  viewChannel,
} from './channel-rules.ts';
import type { StoredChannel } from './channel-store.ts';

/**
 * Changes what is given; the policy field by field.
 * @throws not_found, forbidden, slug_taken, validation_failed (policy, or an upstream that may not be sent to)
 */
export async function updateChannel(
  context: Context,
  caller: Caller,
  channelId: string,
  { policy, gateway, ...input }: UpdateChannelBody,
): Promise<{ channel: Channel; propagation: Propagation }> {
  await checkUpstreamOf(context, caller, channelId, input.upstream);
  const { value, seq } = await context.change(caller, async (stores) => {
    const { channel, project } = await lockChannel(stores, caller, channelId);
    const updated: StoredChannel = {
      ...channel,
      ...input,
      policy: patchChannelPolicy(channel.policy, policy),
      gateway: { ...channel.gateway, ...gateway },
    };
    if (policy !== undefined) checkPolicy(policyFor(project, updated));
    const detail = changesOf(channel, updated);
    const isChanged = Object.keys(detail).length > 0;
    if (updated.slug !== channel.slug) await claimSlug(stores, updated);
    if (isChanged) await stores.channels.update(updated);
    const value = await stores.channels.find(channelId);
    if (value === null) throw notFound('channel');
    const entry = { action: 'channel.updated' as const, ...channelSubject(updated), ...split(detail) };
    return { value, entries: isChanged ? [entry] : [] };
  });
  return { channel: viewChannel(value), propagation: await context.barrier(seq) };
}

/** Before the change, since it may take its time; only for who may make it, since the answer tells of our network. */
async function checkUpstreamOf(
  context: Context,
  caller: Caller,
  channelId: string,
  upstream: string | null | undefined,
): Promise<void> {
  if (upstream === undefined || upstream === null) return;
  const channel = await context.stores.channels.find(channelId);
  if (channel === null) throw notFound('channel');
  authorize(caller, 'channels:write', channel.projectId, 'channel');
  if (channel.upstream !== upstream) await checkUpstream(context, upstream);
}

const fields = ['slug', 'name', 'description', 'upstream', 'policy', 'gateway'] as const;

function changesOf(before: StoredChannel, after: StoredChannel): JsonObject {
  const changes: JsonObject = {};
  for (const field of fields) {
    if (JSON.stringify(before[field]) === JSON.stringify(after[field])) continue;
    changes[field] = { before: before[field] as Json, after: after[field] as Json };
  }
  return changes;
}

/** Free text goes into the private part. */
function split({ name, description, ...detail }: JsonObject): {
  detail: JsonObject;
  privateDetail: JsonObject;
} {
  const privateDetail: JsonObject = {};
  if (name !== undefined) privateDetail.name = name;
  if (description !== undefined) privateDetail.description = description;
  return { detail, privateDetail };
}
