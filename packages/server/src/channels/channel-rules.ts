import type { Channel, ChannelPolicy, ChannelPolicyPatch } from '@keywright/contract';
import { authorize, type Caller } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import { DomainError, invalidField, notFound } from '../domain/error.ts';
import { formatTime } from '../domain/time.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { StoredProject } from '../projects/project-store.ts';
import type { StoredChannel } from './channel-store.ts';

/** The channel as the contract shows it. */
export function viewChannel(channel: StoredChannel & { keyCount: number }): Channel {
  const { id, projectId, slug, name, description, upstream, policy, gateway, createdAt, keyCount } = channel;
  return {
    id,
    projectId,
    slug,
    name,
    description,
    upstream,
    policy,
    gateway,
    createdAt: formatTime(createdAt),
    keyCount,
  };
}

export function patchChannelPolicy(
  policy: ChannelPolicy,
  patch: ChannelPolicyPatch | undefined,
): ChannelPolicy {
  return { ...policy, ...patch };
}

/**
 * Locks the channel's project, then the channel.
 * @throws not_found when it does not exist or the caller may not see it, forbidden without `channels:write`
 */
export async function lockChannel(
  stores: Stores,
  caller: Caller,
  channelId: string,
): Promise<{ channel: StoredChannel; project: StoredProject }> {
  const seen = await stores.channels.find(channelId);
  if (seen === null) throw notFound('channel');
  authorize(caller, 'channels:write', seen.projectId, 'channel');
  const project = await stores.projects.lock(seen.projectId, 'share');
  const channel = project && (await stores.channels.lock(channelId, 'update'));
  if (project === null || channel === null) throw notFound('channel');
  return { channel, project };
}

/**
 * Outside of any change, since it may ask the network.
 * @throws validation_failed for an address that may not be sent to
 */
export async function checkUpstream(
  { findUpstreamFault }: Context,
  upstream: string | null | undefined,
): Promise<void> {
  if (upstream === undefined || upstream === null) return;
  const fault = await findUpstreamFault(upstream);
  if (fault !== null) throw invalidField('upstream', fault);
}

/** @throws slug_taken */
export async function claimSlug(stores: Stores, channel: StoredChannel): Promise<void> {
  if (await stores.channels.claimSlug(channel.slug, channel.projectId, channel.id)) return;
  throw new DomainError('slug_taken', { detail: `The slug "${channel.slug}" is or was another channel's.` });
}

/** The subject of a ledger entry about a channel. */
export function channelSubject(channel: StoredChannel): Pick<LedgerEntry, 'projectId' | 'subject'> {
  return { projectId: channel.projectId, subject: { type: 'channel', id: channel.id, name: channel.name } };
}
