import type { ServiceKey } from '@keywright/contract';
import { authorize, type Caller } from '../domain/caller.ts';
import type { Stores } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { formatTime } from '../domain/time.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { StoredServiceKey } from './service-key-store.ts';

/** Service keys begin so, so that they are told apart from the keys that they manage. */
export const serviceKeyPrefix = 'kws';

/** The service key as the contract shows it. */
export function viewServiceKey(serviceKey: StoredServiceKey): ServiceKey {
  const { id, name, projectId, scopes, display, createdAt, createdBy, lastUsedAt, expiresAt } = serviceKey;
  return {
    id,
    name,
    projectId,
    scopes,
    display,
    createdAt: formatTime(createdAt),
    createdBy,
    lastUsedAt: formatTime(lastUsedAt),
    expiresAt: formatTime(expiresAt),
  };
}

/**
 * Locks a service key that the caller manages: one of its project, or any for the whole instance.
 * @throws not_found, forbidden without `admin`
 */
export async function lockServiceKey(stores: Stores, caller: Caller, id: string): Promise<StoredServiceKey> {
  const serviceKey = await stores.serviceKeys.lock(id);
  if (serviceKey === null) throw notFound('service key');
  authorize(caller, 'project:write', serviceKey.projectId, 'service key');
  return serviceKey;
}

/** The subject of a ledger entry about a service key. */
export function serviceKeySubject(serviceKey: StoredServiceKey): Pick<LedgerEntry, 'projectId' | 'subject'> {
  const { projectId, id, name } = serviceKey;
  return { projectId, subject: { type: 'service_key', id, name } };
}
