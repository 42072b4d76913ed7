import type { AccountRecord } from '@keywright/contract';
import { type Caller, requireInstance, seesProject } from '../domain/caller.ts';
import { notFound } from '../domain/error.ts';
import { formatTime } from '../domain/time.ts';
import type { AccountRow } from './account-store.ts';

/** The account as administrators of the instance see it. */
export function viewAccount({ createdAt, ...account }: AccountRow): AccountRecord {
  return { ...account, createdAt: formatTime(createdAt) };
}

/**
 * Lets pass who administers the instance, and the person itself.
 * @throws not_found for other people, forbidden for a service key of the instance without `admin`
 */
export function authorizePerson(caller: Caller, accountId: string): void {
  if (caller.type === 'account' && caller.id === accountId) return;
  if (!seesProject(caller, null)) throw notFound('account');
  requireInstance(caller);
}
