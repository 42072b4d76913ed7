import type { BulkKeysBody, BulkResult, Propagation } from '@keywright/contract';
import { authorize, type Caller, ownOnly } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import { DomainError, notFound } from '../domain/error.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { deleteLocked } from './delete-key.ts';
import type { StoredKey } from './key-store.ts';
import { revokeLocked } from './revoke-key.ts';
import { switchLocked } from './switch-key.ts';

/**
 * Does the same to many keys of a project, in one transaction and with one wait at the barrier. Each key succeeds or
 * fails by itself, as by the use case for a single one; a key that the caller may not see is not found.
 * @throws not_found, forbidden
 */
export async function bulkKeys(
  context: Context,
  caller: Caller,
  projectId: string,
  body: BulkKeysBody,
): Promise<{ results: BulkResult[]; propagation: Propagation }> {
  authorize(caller, 'keys:write', projectId, 'project');
  const { value, seq } = await context.change(caller, async (stores, now) => {
    if ((await stores.projects.lock(projectId, 'share')) === null) throw notFound('project');
    const keys = await lockKeys(stores, caller, projectId, body.keyIds);
    const results: BulkResult[] = [];
    const entries: LedgerEntry[] = [];
    for (const keyId of body.keyIds) {
      const outcome = await attempt(stores, keys.get(keyId), body, now);
      results.push({ keyId, ...outcome.result });
      entries.push(...outcome.entries);
    }
    return { value: results, entries };
  });
  return { results: value, propagation: await context.barrier(seq) };
}

/** The keys by id, as far as they exist, are of this project and are the caller's to see. */
async function lockKeys(stores: Stores, caller: Caller, projectId: string, ids: string[]) {
  const own = ownOnly(caller, projectId);
  const keys = await stores.keys.lockAll(projectId, ids);
  const visible = keys.filter((key) => own === null || key.ownerId === own);
  return new Map(visible.map((key) => [key.id, key]));
}

interface Attempt {
  result: { ok: boolean; code?: BulkResult['code'] & string };
  entries: LedgerEntry[];
}

/** What refuses a key does so before anything is written for it, so that the others can go on. */
async function attempt(
  stores: Stores,
  key: StoredKey | undefined,
  body: BulkKeysBody,
  now: number,
): Promise<Attempt> {
  try {
    if (key === undefined) throw notFound('key');
    return { result: { ok: true }, entries: await apply(stores, key, body, now) };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'unavailable') throw error;
    return { result: { ok: false, code: error.code }, entries: [] };
  }
}

function apply(
  stores: Stores,
  key: StoredKey,
  { action, reason }: BulkKeysBody,
  now: number,
): Promise<LedgerEntry[]> {
  switch (action) {
    case 'activate':
      return switchLocked(stores, key, 'active', now);
    case 'deactivate':
      return switchLocked(stores, key, 'inactive', now);
    case 'revoke':
      return revokeLocked(stores, key, reason ?? null, now);
    case 'delete':
      return deleteLocked(stores, key, now);
  }
}
