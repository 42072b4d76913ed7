import type { KeyAllowance, KeyAllowanceQuery } from '@keywright/contract';
import { authorize, type Caller, ownOnly } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { invalidField, notFound } from '../domain/error.ts';
import { policyFor } from './policy-rules.ts';

/**
 * How many keys an owner may have in the project or a channel, and how many it has that count. It is for showing: another
 * key may be made a moment later, and only `createKey` decides.
 * @throws not_found, forbidden, validation_failed for a channel of another project or an owner that is not said
 */
export async function getKeyAllowance(
  { stores, clock }: Context,
  caller: Caller,
  projectId: string,
  { channelId, ownerId: asked }: KeyAllowanceQuery,
): Promise<KeyAllowance> {
  authorize(caller, 'keys:read', projectId, 'project');
  const project = await stores.projects.find(projectId);
  if (project === null) throw notFound('project');
  const channel = channelId === undefined ? null : await stores.channels.find(channelId);
  if (channelId !== undefined && channel?.projectId !== projectId)
    throw invalidField('channelId', 'is not a channel of this project');
  const ownerId = chooseOwner(caller, projectId, asked);
  const place = { projectId, channelId: channelId ?? null, ownerId };
  return {
    limit: policyFor(project, channel).maxKeysPerOwner,
    used: await stores.keys.countCounting(place, clock.now()),
  };
}

function chooseOwner(caller: Caller, projectId: string, asked: string | undefined): string {
  const own = ownOnly(caller, projectId);
  if (own !== null && asked !== undefined && asked !== own)
    throw invalidField('ownerId', 'is not yours to ask about: a member sees its own keys');
  if (asked !== undefined) return asked;
  if (caller.type === 'account') return caller.id;
  throw invalidField('ownerId', 'is needed: a service key owns no keys');
}
