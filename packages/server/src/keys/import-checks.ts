import type { Policy } from '@keywright/contract';
import type { Stores } from '../domain/context.ts';
import type { ImportEntry } from './import-entry.ts';
import type { ImportFaults } from './import-faults.ts';
import type { OwnedKey } from './import-store.ts';
import { checkDescription, checkExpiry } from './policy-rules.ts';
import { hashSecret, type SecretHash } from './secret-format.ts';
import { counts } from './view.ts';

/** What can be said of each key without asking the database. */
export function checkEntries(entries: ImportEntry[], now: number, faults: ImportFaults): void {
  const seen = new Map<SecretHash, number>();
  for (const [index, { key, secret, policy }] of entries.entries()) {
    const { hash, display } = secret;
    const first = seen.get(hash);
    if (first === undefined) seen.set(hash, index);
    else faults.add('validation_failed', index, 'sha256', `is the same as that of keys.${first}`);
    if (display !== null && hashSecret(display) === hash)
      faults.add('validation_failed', index, 'display', 'is the secret itself');
    if (policy === null) {
      faults.add('validation_failed', index, 'channelId', 'is not a channel of this project');
      continue;
    }
    faults.check(index, () => checkDescription(policy, key.description));
    faults.check(index, () => checkExpiry(policy, key.expiresAt, now));
  }
}

/** Names those whose secret is or was here. */
export function refuseKnown(known: SecretHash[], entries: ImportEntry[], faults: ImportFaults): void {
  if (known.length === 0) return;
  const hashes = new Set(known);
  for (const [index, { secret }] of entries.entries()) {
    if (hashes.has(secret.hash)) faults.add('hash_known', index, 'sha256', 'is of a key that is or was here');
  }
}

/**
 * Locks the owners, and holds the rules that are about them: who may be one, how many keys each may have in one place,
 * and that no two of them have one name. The keys of an import count in their order.
 */
export async function checkOwners(
  stores: Stores,
  projectId: string,
  entries: ImportEntry[],
  now: number,
  faults: ImportFaults,
): Promise<void> {
  const owners = new Set(entries.map(({ key }) => key.ownerId).filter((owner) => owner !== null));
  await checkMembers(stores, projectId, entries, owners, faults);
  await stores.imports.lockOwners(projectId, [...owners]);
  const bound = entries.filter(({ policy }) => policy?.uniqueNames || policy?.maxKeysPerOwner !== null);
  const asked = new Set(bound.map(({ key }) => key.ownerId).filter((owner) => owner !== null));
  const holdings = new Holdings(await stores.imports.listOwned(projectId, [...asked]), now);
  for (const [index, { key, policy }] of entries.entries()) {
    if (key.ownerId === null || policy === null) continue;
    holdings.admit({ ...key, ownerId: key.ownerId }, policy, (code, field, message) =>
      faults.add(code, index, field, message),
    );
  }
}

async function checkMembers(
  stores: Stores,
  projectId: string,
  entries: ImportEntry[],
  owners: ReadonlySet<string>,
  faults: ImportFaults,
): Promise<void> {
  const accounts = [...owners].filter((owner) => owner.startsWith('acc_'));
  const members = new Set(await stores.imports.holdMembers(projectId, accounts));
  const strangers = new Set(accounts.filter((account) => !members.has(account)));
  if (strangers.size === 0) return;
  for (const [index, { key }] of entries.entries()) {
    if (key.ownerId !== null && strangers.has(key.ownerId))
      faults.add('owner_not_member', index, 'ownerId', 'is an account that is not a member of this project');
  }
}

type Refuse = (code: 'name_taken' | 'key_limit_reached', field: string, message: string) => void;

/** What owners have, and what they get. */
class Holdings {
  readonly #names = new Set<string>();
  readonly #counts = new Map<string, number>();
  readonly #now: number;

  constructor(owned: OwnedKey[], now: number) {
    this.#now = now;
    for (const key of owned) this.#take(key);
  }

  /** Adds a key, or says why there is no room for it. */
  admit(key: OwnedKey, policy: Policy, refuse: Refuse): void {
    const count = this.#counts.get(placeOf(key)) ?? 0;
    if (policy.uniqueNames && this.#names.has(nameOf(key)))
      refuse('name_taken', 'name', 'is the name of another key of this owner');
    else if (policy.maxKeysPerOwner !== null && count >= policy.maxKeysPerOwner)
      refuse('key_limit_reached', 'ownerId', `may have at most ${policy.maxKeysPerOwner} keys here`);
    else this.#take(key);
  }

  #take(key: OwnedKey): void {
    this.#names.add(nameOf(key));
    if (!counts({ status: 'active', expiresAt: key.expiresAt }, this.#now)) return;
    const place = placeOf(key);
    this.#counts.set(place, (this.#counts.get(place) ?? 0) + 1);
  }
}

/** No control character can be in an owner's id or in a name. */
const nameOf = ({ ownerId, name }: OwnedKey) => `${ownerId}\n${name}`;
const placeOf = ({ ownerId, channelId }: OwnedKey) => `${ownerId}\n${channelId ?? ''}`;
