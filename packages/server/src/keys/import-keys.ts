import type { ImportedKey, ImportedKeys } from '@keywright/contract';
import { authorize, type Caller, ownOnly } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import { DomainError, notFound } from '../domain/error.ts';
import { mapInTurns } from '../domain/turns.ts';
import { checkEntries, checkOwners, refuseKnown } from './import-checks.ts';
import type { ImportEntry } from './import-entry.ts';
import { ImportFaults } from './import-faults.ts';
import { issuedEntry, newKey } from './new-key.ts';
import { policyFor } from './policy-rules.ts';
import { secretHashFromHex } from './secret-format.ts';

/**
 * Lets the caller pass who may import keys into the project. A member may not: who brings in secrets decides how good
 * they are, and after the first import the whole instance looks up strings of any form.
 * @throws not_found, forbidden
 */
export function authorizeImport(caller: Caller, projectId: string): void {
  authorize(caller, 'keys:write', projectId, 'project');
  if (ownOnly(caller, projectId) !== null)
    throw new DomainError('forbidden', { detail: 'A member cannot import keys; an operator can.' });
}

/**
 * Takes over keys from elsewhere by the hashes of their secrets: all of them or none. When this returns, they verify on
 * this node.
 * @throws not_found, forbidden; and with the index of each fault: validation_failed, owner_not_member, hash_known,
 *   name_taken, key_limit_reached
 */
export async function importKeys(
  context: Context,
  caller: Caller,
  projectId: string,
  input: ImportedKey[],
): Promise<ImportedKeys> {
  authorizeImport(caller, projectId);
  const { value, seq } = await context.change(caller, async (stores, now) => {
    const policies = await lockPolicies(stores, projectId, input);
    const entries = await mapInTurns(input, ({ sha256, display = null, ...given }): ImportEntry => {
      const { name, ownerId = null } = given;
      const making = { projectId, ownerId, name, format: 'token' as const, publicId: null };
      return {
        key: newKey(given, { ...making, createdBy: caller.id, now }),
        secret: { hash: secretHashFromHex(sha256), display, createdAt: now },
        policy: policies.get(given.channelId ?? null) ?? null,
      };
    });
    const faults = new ImportFaults();
    checkEntries(entries, now, faults);
    await checkOwners(stores, projectId, entries, now, faults);
    refuseKnown(await stores.imports.findKnown(entries.map(({ secret }) => secret.hash)), entries, faults);
    faults.throwIfAny();
    refuseKnown(await stores.imports.insert(entries), entries, faults);
    faults.throwIfAny();
    const keyIds = entries.map(({ key }) => key.id);
    return {
      value: { imported: keyIds.length, keyIds },
      entries: entries.map(({ key }) => issuedEntry('key.imported', key)),
    };
  });
  await context.follow(seq);
  return value;
}

/** Locks the project and the channels that keys will belong to. Answers the policy that holds in each place. */
async function lockPolicies(stores: Stores, projectId: string, input: ImportedKey[]) {
  const project = await stores.projects.lock(projectId, 'share');
  if (project === null) throw notFound('project');
  const ids = new Set(input.map(({ channelId = null }) => channelId).filter((id) => id !== null));
  const channels = await stores.imports.lockChannels(projectId, [...ids]);
  return new Map([
    [null, policyFor(project, null)] as const,
    ...channels.map((channel) => [channel.id, policyFor(project, channel)] as const),
  ]);
}
