import type { Role } from '@keywright/contract';
import type { AccountCaller } from '../../src/domain/caller.ts';
import type { Stores } from '../../src/domain/context.ts';
import { newId } from '../../src/domain/id.ts';
import type { StoredInvitation } from '../../src/members/invitation-store.ts';
import { epochMs } from './records.ts';

/** A person as the use cases see it, without a session. */
export function person(
  name: string,
  roles: Record<string, Role> = {},
  fields: Partial<AccountCaller> = {},
): AccountCaller {
  return {
    type: 'account',
    id: newId('account', Date.now()),
    name,
    isInstanceAdmin: false,
    roles: new Map(Object.entries(roles)),
    authenticatedAt: Date.now(),
    ...fields,
  };
}

/** The address of a person. No two have the same. */
export function emailOf({ id }: AccountCaller): string {
  return `${id}@example.com`;
}

/** Puts the account of a person and its memberships into the database, and answers the person. */
export async function insertMember(stores: Stores, who: AccountCaller): Promise<AccountCaller> {
  const account = { id: who.id, name: who.name ?? '', email: emailOf(who), createdAt: epochMs };
  await stores.accounts.insert(account, 'no password');
  if (who.isInstanceAdmin) await stores.accounts.grantAdmin(who.id, epochMs);
  for (const [projectId, role] of who.roles)
    await stores.members.insert({ accountId: who.id, projectId, role, joinedAt: epochMs });
  return who;
}

export function storedInvitation(
  fields: Partial<StoredInvitation> & { projectId: string },
): StoredInvitation {
  const id = newId('invitation', fields.createdAt ?? epochMs);
  return {
    id,
    email: `${id}@example.com`,
    role: 'member',
    createdAt: epochMs,
    createdBy: 'acc_host',
    expiresAt: epochMs + 1000,
    ...fields,
  };
}
