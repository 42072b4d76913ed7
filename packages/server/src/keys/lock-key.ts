import type { StoredChannel } from '../channels/channel-store.ts';
import { authorizeKey, type Caller, ownOnly } from '../domain/caller.ts';
import type { Stores } from '../domain/context.ts';
import { DomainError, notFound, OvertakenError } from '../domain/error.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { StoredProject } from '../projects/project-store.ts';
import type { StoredKey } from './key-store.ts';
import { checkOwner } from './policy-rules.ts';

interface LockedKey {
  key: StoredKey;
  project: StoredProject;
}

/**
 * Locks project and key, in the order that all changes keep so that they never deadlock: project, channel, owners, key.
 * @throws not_found when the key does not exist or the caller may not see it, forbidden without `keys:write`
 */
export async function lockKey(
  stores: Stores,
  caller: Caller,
  keyId: string,
  now: number,
): Promise<LockedKey> {
  const { project } = await lockAround(stores, caller, keyId, now);
  const key = await stores.keys.lock(keyId);
  if (key === null) throw notFound('key');
  // It may have been given to another owner between the read and the lock.
  authorizeKey(caller, 'keys:write', key);
  return { key, project };
}

/**
 * As `lockKey`, with all that a limit or a unique name is about: the key's channel, its owner, and the one that it is
 * about to get (`newOwnerId`, left out when the owner stays). `channel` is null when there is none, or none any more,
 * which has revoked the key.
 * @throws not_found, forbidden, owner_not_member
 */
export async function lockKeyAndOwners(
  stores: Stores,
  caller: Caller,
  keyId: string,
  { now, newOwnerId }: { now: number; newOwnerId?: string | null },
): Promise<LockedKey & { channel: StoredChannel | null }> {
  const { seen, project } = await lockAround(stores, caller, keyId, now);
  if (newOwnerId !== undefined) await checkNewOwner(stores, caller, seen, newOwnerId);
  const channel = seen.channelId === null ? null : await stores.channels.lock(seen.channelId, 'share');
  const owners = new Set([seen.ownerId, newOwnerId ?? null].filter((owner) => owner !== null));
  for (const owner of [...owners].sort()) await stores.keys.lockOwner(seen.projectId, owner);
  const key = await stores.keys.lock(keyId);
  if (key === null) throw notFound('key');
  // Moved between the read and the lock: the wrong owner is locked, and the right one comes before the key.
  if (key.ownerId !== seen.ownerId) throw new OvertakenError();
  return { key, project, channel };
}

/** @throws forbidden for a member, whose keys are its own; owner_not_member */
async function checkNewOwner(stores: Stores, caller: Caller, key: StoredKey, newOwnerId: string | null) {
  if (ownOnly(caller, key.projectId) !== null)
    throw new DomainError('forbidden', { detail: 'A member cannot give its keys to another owner.' });
  if (newOwnerId !== key.ownerId) await checkOwner(stores, key.projectId, newOwnerId);
}

/** Finds the key without locking it, and locks its project. */
async function lockAround(stores: Stores, caller: Caller, keyId: string, now: number) {
  const seen = await stores.keys.find(keyId, now);
  if (seen === null) throw notFound('key');
  authorizeKey(caller, 'keys:write', seen);
  const project = await stores.projects.lock(seen.projectId, 'share');
  if (project === null) throw notFound('key');
  return { seen, project };
}

/** @throws key_revoked */
export function requireNotRevoked(key: StoredKey): void {
  if (key.status === 'revoked') throw new DomainError('key_revoked');
}

/**
 * A member changes what a key is good for only if it made the key itself. What an operator or a program gave to it, with
 * a quota or scopes, it may rename, switch, rotate and revoke, but not widen.
 * @throws forbidden
 */
export function requireGrantor(caller: Caller, key: StoredKey): void {
  const own = ownOnly(caller, key.projectId);
  if (own === null || key.createdBy === own) return;
  throw new DomainError('forbidden', {
    detail: 'This key was made for you: what it is good for is for an operator of the project to change.',
  });
}

/** The subject of a ledger entry about a key. */
export function keySubject(key: StoredKey): Pick<LedgerEntry, 'projectId' | 'subject'> {
  return { projectId: key.projectId, subject: { type: 'key', id: key.id, name: key.name } };
}
