import { effectivePolicy, type FieldRule, type Policy } from '@keywright/contract';
import type { StoredChannel } from '../channels/channel-store.ts';
import type { Stores } from '../domain/context.ts';
import { DomainError, invalidField } from '../domain/error.ts';
import { dayMs } from '../domain/time.ts';
import type { StoredProject } from '../projects/project-store.ts';
import { serviceKeyPrefix } from '../service-keys/service-key-rules.ts';

/** The policy that holds for keys of this project, bound to this channel or to none. */
export function policyFor(project: StoredProject, channel: Pick<StoredChannel, 'policy'> | null): Policy {
  return effectivePolicy(project.policy, channel?.policy ?? null);
}

/**
 * Holds when a policy is set. One that came to be otherwise holds for what it says.
 * @throws validation_failed for a policy by which no key could be made, or whose keys would look like service keys
 */
export function checkPolicy({ expiry, maxLifetimeDays, prefix }: Policy): void {
  if (expiry === 'hidden' && maxLifetimeDays !== null) {
    const message = 'must be null where policy.expiry is hidden: no key could be made';
    throw invalidField('policy.maxLifetimeDays', message);
  }
  if (prefix === serviceKeyPrefix || prefix.startsWith(`${serviceKeyPrefix}_`))
    throw invalidField('policy.prefix', `must not be ${serviceKeyPrefix}, by which service keys are told`);
}

/** @throws validation_failed when the policy wants a description or wants none */
export function checkDescription(policy: Policy, description: string | null): void {
  checkField('description', policy.description, description === null);
}

/** @throws validation_failed for an expiry in the past, beyond the longest lifetime, missing or not wanted */
export function checkExpiry(policy: Policy, expiresAt: number | null, now: number): void {
  checkField('expiresAt', policy.expiry, expiresAt === null);
  if (expiresAt !== null && expiresAt <= now) throw invalidField('expiresAt', 'must be in the future');
  if (policy.maxLifetimeDays === null) return;
  if (expiresAt === null) {
    throw invalidField('expiresAt', `is needed: keys here live at most ${policy.maxLifetimeDays} days`);
  }
  if (expiresAt > now + policy.maxLifetimeDays * dayMs) {
    throw invalidField('expiresAt', `must be within ${policy.maxLifetimeDays} days from now`);
  }
}

function checkField(path: string, rule: FieldRule, isMissing: boolean): void {
  if (rule === 'required' && isMissing) throw invalidField(path, 'is required by the policy');
  if (rule === 'hidden' && !isMissing) throw invalidField(path, 'is not used here, says the policy');
}

interface Ownership {
  projectId: string;
  channelId: string | null;
  ownerId: string | null;
}

/**
 * The owner must have room for one more key. Call it with the owner locked, so that two at once never pass.
 * @throws key_limit_reached
 */
export async function checkLimit(
  stores: Stores,
  policy: Policy,
  place: Ownership,
  now: number,
): Promise<void> {
  if (place.ownerId === null || policy.maxKeysPerOwner === null) return;
  const count = await stores.keys.countCounting({ ...place, ownerId: place.ownerId }, now);
  if (count < policy.maxKeysPerOwner) return;
  throw new DomainError('key_limit_reached', {
    detail: `This owner has ${count} of ${policy.maxKeysPerOwner} keys. Revoke or delete one first.`,
  });
}

/**
 * The owner must not have another key of this name. Call it with the owner locked.
 * @throws name_taken
 */
export async function checkName(
  stores: Stores,
  policy: Policy,
  key: { projectId: string; ownerId: string | null; name: string; id: string | null },
): Promise<void> {
  if (key.ownerId === null || !policy.uniqueNames) return;
  if (await stores.keys.isNameTaken(key.projectId, key.ownerId, key.name, key.id)) {
    throw new DomainError('name_taken', { detail: `This owner already has a key named "${key.name}".` });
  }
}

/**
 * An owner id that begins with `acc_` stands for an account, which must be a member of the project, and stays one
 * until the change is done.
 * @throws owner_not_member
 */
export async function checkOwner(stores: Stores, projectId: string, ownerId: string | null): Promise<void> {
  if (!ownerId?.startsWith('acc_')) return;
  if (!(await stores.members.hold(projectId, ownerId))) throw new DomainError('owner_not_member');
}
