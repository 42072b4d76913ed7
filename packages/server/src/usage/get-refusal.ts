import type { Refusal } from '@keywright/contract';
import { authorize, type Caller, ownOnly } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { formatTime } from '../domain/time.ts';
import { explainRefusal } from './explain-refusal.ts';
import { refusalsKeptMs, type StoredRefusal } from './refusal-store.ts';

/**
 * The last refusal of a request id in a project; a member finds those of its own keys.
 * @throws not_found, forbidden
 */
export async function getRefusal(
  { stores, clock }: Context,
  caller: Caller,
  projectId: string,
  requestId: string,
): Promise<Refusal> {
  authorize(caller, 'usage:read', projectId, 'project');
  if ((await stores.projects.find(projectId)) === null) throw notFound('project');
  const own = ownOnly(caller, projectId);
  const found = await stores.refusals.find({
    requestId,
    projectId,
    ...(own !== null && { ownerId: own }),
    since: clock.now() - refusalsKeptMs,
  });
  if (found === null) throw notFound('refusal');
  return viewRefusal(found);
}

/** A refusal as the contract shows it. */
export function viewRefusal(stored: StoredRefusal): Refusal {
  const { id: _, projectId: __, at, ...shown } = stored;
  const { why, remedy } = explainRefusal(stored);
  return { ...shown, at: formatTime(at), detail: `${why} ${remedy}` };
}
