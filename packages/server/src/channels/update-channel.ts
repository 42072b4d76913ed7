import type { Channel, Propagation, UpdateChannelBody } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import type { Json, JsonObject } from '../ledger/entry.ts';
import { channelSubject, claimSlug, lockChannel, patchChannelPolicy, viewChannel } from './channel-rules.ts';
import type { StoredChannel } from './channel-store.ts';

/**
 * Changes what is given; the policy field by field.
 * @throws not_found, forbidden, slug_taken
 */
export async function updateChannel(
  context: Context,
  caller: Caller,
  channelId: string,
  { policy, gateway, ...input }: UpdateChannelBody,
): Promise<{ channel: Channel; propagation: Propagation }> {
  const { value, seq } = await context.change(caller, async (stores) => {
    const channel = await lockChannel(stores, caller, channelId);
    const updated: StoredChannel = {
      ...channel,
      ...input,
      policy: patchChannelPolicy(channel.policy, policy),
      gateway: { ...channel.gateway, ...gateway },
    };
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
