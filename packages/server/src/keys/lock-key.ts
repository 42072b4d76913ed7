import type { ServiceKeyScope } from '@keywright/contract';
import { authorize, type Caller } from '../domain/caller.ts';
import type { Stores } from '../domain/context.ts';
import { DomainError, notFound } from '../domain/error.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { StoredProject } from '../projects/project-store.ts';
import type { StoredKey } from './key-store.ts';

interface LockOptions {
  /** The owner that the key is about to get; its row is locked together with the present owner's. */
  newOwnerId?: string | null;
  /** Lock the owners, for changes that a limit or a unique name may forbid. */
  withOwners?: boolean;
}

/**
 * Locks project, owners and key, in this order, which all changes keep so that they never deadlock.
 * @throws not_found when the key does not exist or the caller may not see it, forbidden without `keys:write`
 */
export async function lockKey(
  stores: Stores,
  caller: Caller,
  keyId: string,
  now: number,
  { newOwnerId, withOwners = false }: LockOptions = {},
): Promise<{ key: StoredKey; project: StoredProject }> {
  const scope: ServiceKeyScope = 'keys:write';
  for (;;) {
    const seen = await stores.keys.find(keyId, now);
    if (seen === null) throw notFound('key');
    authorize(caller, scope, seen.projectId, 'key');
    const project = await stores.projects.lock(seen.projectId, 'share');
    if (project === null) throw notFound('key');
    if (withOwners) {
      const owners = new Set([seen.ownerId, newOwnerId ?? null].filter((owner) => owner !== null));
      for (const owner of [...owners].sort()) await stores.keys.lockOwner(seen.projectId, owner);
    }
    const key = await stores.keys.lock(keyId);
    if (key === null) throw notFound('key');
    // Another change may have moved the key between the read and the lock: then the wrong owner is locked.
    if (!withOwners || key.ownerId === seen.ownerId) return { key, project };
  }
}

/** @throws key_revoked */
export function requireNotRevoked(key: StoredKey): void {
  if (key.status === 'revoked') throw new DomainError('key_revoked');
}

/** The subject of a ledger entry about a key. */
export function keySubject(key: StoredKey): Pick<LedgerEntry, 'projectId' | 'subject'> {
  return { projectId: key.projectId, subject: { type: 'key', id: key.id, name: key.name } };
}
