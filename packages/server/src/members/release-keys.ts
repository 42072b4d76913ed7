import type { StoredChannel } from '../channels/channel-store.ts';
import type { Stores } from '../domain/context.ts';
import { DomainError, OvertakenError } from '../domain/error.ts';
import type { StoredKey } from '../keys/key-store.ts';
import { keySubject } from '../keys/lock-key.ts';
import { checkName, policyFor } from '../keys/policy-rules.ts';
import { updatedEntry } from '../keys/update-key.ts';
import { counts } from '../keys/view.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { StoredProject } from '../projects/project-store.ts';

interface Release {
  from: string;
  /** Who gets the keys, or why they are revoked. */
  to: { ownerId: string } | { reason: 'owner_removed' | 'owner_erased' };
  now: number;
}

/**
 * What becomes of the keys of an owner who goes, as a part of a change that holds the project and has taken the owner's
 * membership: none stays that still works, or could be made to work again by a later expiry.
 * @returns a row for each key
 * @throws key_limit_reached, name_taken when the other owner has no room for them
 */
export async function releaseKeys(
  stores: Stores,
  project: StoredProject,
  { from, to, now }: Release,
): Promise<LedgerEntry[]> {
  if ('ownerId' in to) return transferKeys(stores, project, { from, to: to.ownerId, now });
  await stores.keys.lockOwner(project.id, from);
  const keys = await stores.keys.lockOfOwner(project.id, from);
  const { reason } = to;
  await stores.keys.revokeOfOwner(project.id, from, { reason, at: now });
  return keys.map((key) => ({ action: 'key.revoked', ...keySubject(key), detail: { reason } }));
}

async function transferKeys(
  stores: Stores,
  project: StoredProject,
  { from, to, now }: { from: string; to: string; now: number },
): Promise<LedgerEntry[]> {
  const channels = await lockChannels(stores, project.id, from);
  for (const owner of [from, to].sort()) await stores.keys.lockOwner(project.id, owner);
  const keys = await stores.keys.lockOfOwner(project.id, from);
  const entries: LedgerEntry[] = [];
  for (const key of keys) {
    const { channelId } = key;
    const channel = channelId === null ? null : channels.get(channelId);
    if (channel === undefined) throw new OvertakenError();
    const policy = policyFor(project, channel);
    const moved: StoredKey = { ...key, ownerId: to, updatedAt: now };
    await checkName(stores, policy, moved);
    await stores.keys.update(moved);
    if (counts(moved, now)) await checkRoom(stores, policy.maxKeysPerOwner, moved, now);
    entries.push(updatedEntry(key, moved, ['ownerId']));
  }
  return entries;
}

/** The channels that the owner's keys are bound to. Channels come before owners. */
async function lockChannels(
  stores: Stores,
  projectId: string,
  ownerId: string,
): Promise<Map<string, StoredChannel>> {
  const locked = new Map<string, StoredChannel>();
  for (const id of await stores.keys.channelsOfOwner(projectId, ownerId)) {
    const channel = await stores.channels.lock(id, 'share');
    // Gone between the read and the lock, and its keys with it.
    if (channel === null) throw new OvertakenError();
    locked.set(id, channel);
  }
  return locked;
}

/** @throws key_limit_reached when the owner has more keys in the place of this one than it may */
async function checkRoom(stores: Stores, limit: number | null, key: StoredKey, now: number): Promise<void> {
  if (limit === null || key.ownerId === null) return;
  const count = await stores.keys.countCounting({ ...key, ownerId: key.ownerId }, now);
  if (count <= limit) return;
  const where = key.channelId === null ? 'in the project' : `in the channel ${key.channelId}`;
  throw new DomainError('key_limit_reached', {
    detail: `The member who is to get the keys has no room for them: it may hold ${limit} ${where}. Nothing was changed.`,
  });
}
