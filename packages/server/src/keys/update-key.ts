import type { Policy, UpdateKeyBody } from '@keywright/contract';
import type { Caller } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import { formatTime } from '../domain/time.ts';
import type { Json, JsonObject, LedgerEntry } from '../ledger/entry.ts';
import { type ChangedKey, changeKey } from './change-key.ts';
import type { StoredKey } from './key-store.ts';
import { keySubject, lockKeyAndOwners, requireGrantor, requireNotRevoked } from './lock-key.ts';
import { checkDescription, checkExpiry, checkLimit, checkName, policyFor } from './policy-rules.ts';
import { counts } from './view.ts';

/**
 * Changes what is absent from `input` not, what is null to nothing, and arrays and metadata as a whole.
 * @throws not_found, forbidden, key_revoked, validation_failed (policy), owner_not_member, key_limit_reached, name_taken
 */
export async function updateKey(
  context: Context,
  caller: Caller,
  keyId: string,
  input: UpdateKeyBody,
): Promise<ChangedKey> {
  return changeKey(context, caller, {
    keyId,
    async run(stores, begunAt) {
      const locked = await lockKeyAndOwners(stores, caller, keyId, {
        now: begunAt,
        ...(input.ownerId !== undefined && { newOwnerId: input.ownerId }),
      });
      const { key, project, channel } = locked;
      requireNotRevoked(key);
      if (grantFields.some((field) => input[field] !== undefined)) requireGrantor(caller, key);
      // The key may have expired, and its place have gone to another, while this waited for the locks.
      const now = context.clock.now();
      const updated = { ...key, ...input, updatedAt: now } as StoredKey;
      const changes = compare(key, updated);
      if (changes.length === 0) return { value: null, entries: [] };
      await checkUpdate(stores, policyFor(project, channel), { key, updated, changes, now });
      await stores.keys.update(updated);
      if (beginsAnew(key, updated)) await stores.quotas.restart(key.id);
      return { value: null, entries: [updatedEntry(key, updated, changes)] };
    },
  });
}

const fields = [
  ...(['name', 'description', 'ownerId', 'expiresAt', 'scopes', 'metadata'] as const),
  ...(['rateLimits', 'quota', 'ipAllow'] as const),
] as const;
type Field = (typeof fields)[number];

/** What a key is good for. */
const grantFields = ['expiresAt', 'scopes', 'metadata', 'rateLimits', 'quota', 'ipAllow'] as const;

function compare(before: StoredKey, after: StoredKey): Field[] {
  return fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
}

/** What was used of a quota counts on under another limit, but not under another period or none. */
function beginsAnew(before: StoredKey, after: StoredKey): boolean {
  return before.quota?.period !== after.quota?.period;
}

interface Update {
  key: StoredKey;
  updated: StoredKey;
  changes: Field[];
  now: number;
}

/** Holds the policy for what changes; what stays as it was made under an older policy may stay. */
async function checkUpdate(
  stores: Stores,
  policy: Policy,
  { key, updated, changes, now }: Update,
): Promise<void> {
  const changed = new Set(changes);
  if (changed.has('description')) checkDescription(policy, updated.description);
  if (changed.has('expiresAt')) checkExpiry(policy, updated.expiresAt, now);
  const isRevived = !counts(key, now) && counts(updated, now);
  if (isRevived || (changed.has('ownerId') && counts(updated, now)))
    await checkLimit(stores, policy, updated, now);
  if (changed.has('ownerId') || changed.has('name')) await checkName(stores, policy, updated);
}

const publicFields: ReadonlySet<Field> = new Set<Field>(['expiresAt', 'scopes', 'rateLimits', 'quota']);

/** The row about a change of a key. */
export function updatedEntry(before: StoredKey, after: StoredKey, changes: Field[]): LedgerEntry {
  const detail: JsonObject = { fields: changes };
  const privateDetail: JsonObject = {};
  for (const field of changes) {
    const part = publicFields.has(field) ? detail : privateDetail;
    part[field] = { before: shown(before, field), after: shown(after, field) };
  }
  return { action: 'key.updated', ...keySubject(after), detail, privateDetail };
}

function shown(key: StoredKey, field: Field): Json {
  return field === 'expiresAt' ? formatTime(key.expiresAt) : key[field];
}
