import { randomInt } from 'node:crypto';
import type { CreateKeyBody, Key } from '@keywright/contract';
import { authorize, type Caller, ownOnly } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import { invalidField, notFound } from '../domain/error.ts';
import { issuedEntry, newKey } from './new-key.ts';
import {
  checkDescription,
  checkExpiry,
  checkLimit,
  checkName,
  checkOwner,
  policyFor,
} from './policy-rules.ts';
import { unusedQuota } from './quota-store.ts';
import { displaySecret, generatePublicId, generateSecret, hashSecret, type Secret } from './secret-format.ts';
import { viewKey } from './view.ts';

/**
 * Makes a key. Its secret is answered this once.
 * @throws not_found, forbidden, validation_failed (policy), owner_not_member, key_limit_reached, name_taken
 */
export async function createKey(
  context: Context,
  caller: Caller,
  projectId: string,
  input: CreateKeyBody,
): Promise<{ key: Key; secret: Secret }> {
  authorize(caller, 'keys:write', projectId, 'project');
  const own = ownOnly(caller, projectId);
  if (own !== null && input.ownerId !== undefined)
    throw invalidField('ownerId', 'is not yours to set: a member makes keys for itself');
  const { value } = await context.change(caller, async (stores, now) => {
    const policy = await lockPlace(stores, projectId, input.channelId ?? null);
    const ownerId = own ?? input.ownerId ?? null;
    await checkOwner(stores, projectId, ownerId);
    checkDescription(policy, input.description ?? null);
    checkExpiry(policy, input.expiresAt ?? null, now);
    const key = newKey(input, {
      projectId,
      ownerId,
      name: input.name ?? (await defaultName(stores, projectId, ownerId)),
      format: policy.format,
      publicId: policy.format === 'pair' ? generatePublicId(policy.prefix) : null,
      createdBy: caller.id,
      now,
    });
    // Sent in one go: the checks see what the lock waited for.
    await Promise.all([
      lockOwner(stores, projectId, ownerId),
      checkLimit(stores, policy, key, now),
      checkName(stores, policy, { ...key, id: null }),
    ]);
    const secret = generateSecret(policy.prefix);
    const display = displaySecret(secret);
    await stores.keys.insert(key, { hash: hashSecret(secret.reveal()), display, createdAt: now });
    const view = viewKey(
      { ...key, display, previous: null, quotaState: unusedQuota, lastUse: null },
      now,
      context.holdings,
    );
    return { value: { key: view, secret }, entries: [issuedEntry('key.created', key)] };
  });
  return value;
}

/** Locks the project and the channel that the key will belong to, and answers the policy that holds there. */
async function lockPlace(stores: Stores, projectId: string, channelId: string | null) {
  const project = await stores.projects.lock(projectId, 'share');
  if (project === null) throw notFound('project');
  if (channelId === null) return policyFor(project, null);
  const channel = await stores.channels.lock(channelId, 'share');
  if (channel === null || channel.projectId !== projectId) {
    throw invalidField('channelId', 'is not a channel of this project');
  }
  return policyFor(project, channel);
}

async function lockOwner(stores: Stores, projectId: string, ownerId: string | null): Promise<void> {
  if (ownerId !== null) await stores.keys.lockOwner(projectId, ownerId);
}

/** Beyond so many keys nobody tells them apart by default names, and the first free one would take long to find. */
const maxNames = 1000;

/** "Key 1", "Key 2" …: the first that the owner has not. */
async function defaultName(stores: Stores, projectId: string, ownerId: string | null): Promise<string> {
  await lockOwner(stores, projectId, ownerId);
  const taken = new Set(await stores.keys.namesLike(projectId, ownerId, 'Key ', maxNames));
  if (taken.size === maxNames) return `Key ${randomInt(1e9, 1e10)}`;
  let number = 1;
  while (taken.has(`Key ${number}`)) number++;
  return `Key ${number}`;
}
