import { maxKeyBuckets, type ProjectUsageQuery, type Usage } from '@keywright/contract';
import { authorize, type Caller, ownOnly } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import { invalidField, notFound } from '../domain/error.ts';
import { readSpan } from './read-span.ts';
import type { KeySelection, UsageOrigin, UsageSpan, UsageSum } from './usage-store.ts';
import { viewUsage } from './view.ts';

/**
 * Of the whole project, or of the keys that the query names: those that the caller may not see are left out, as those
 * that do not exist. What a member sees of a project is its own keys.
 * @throws not_found, forbidden, validation_failed for a time that cannot be told
 */
export async function getProjectUsage(
  { stores, clock }: Context,
  caller: Caller,
  projectId: string,
  { keyIds, ...query }: ProjectUsageQuery,
): Promise<Usage> {
  authorize(caller, 'usage:read', projectId, 'project');
  if ((await stores.projects.find(projectId)) === null) throw notFound('project');
  const span = readSpan(query, clock.now());
  const own = ownOnly(caller, projectId);
  const [sums, origins] = await read(stores, { projectId, own, keyIds, span });
  return viewUsage(sums, origins);
}

interface Reading {
  projectId: string;
  own: string | null;
  keyIds: string[] | undefined;
  span: UsageSpan;
}

function read(
  { usage }: Stores,
  { projectId, own, keyIds, span }: Reading,
): Promise<[UsageSum[], UsageOrigin[]]> {
  const owned = own === null ? {} : { ownerId: own };
  if (keyIds !== undefined) {
    checkSize(keyIds.length, span);
    const keys: KeySelection = { projectId, ...owned, keyIds };
    return Promise.all([usage.sumsOfKeys(keys, span), usage.originsOfKeys(keys)]);
  }
  if (own !== null) {
    const keys: KeySelection = { projectId, ownerId: own };
    return Promise.all([usage.sumOfKeys(keys, span), usage.originsOfKeys(keys)]);
  }
  return Promise.all([usage.sumOfProject(projectId, span), usage.originsOfProject(projectId)]);
}

function checkSize(keyCount: number, { from, to, bucketMs }: UsageSpan): void {
  const buckets = keyCount * ((to - from) / bucketMs);
  if (buckets <= maxKeyBuckets) return;
  throw invalidField(
    'keyIds',
    `would make ${buckets} buckets, and ${maxKeyBuckets} are the most: ask for fewer keys, a shorter time, or a coarser bucket`,
  );
}
