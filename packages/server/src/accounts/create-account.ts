import type { AccountCaller } from '../domain/caller.ts';
import type { Stores } from '../domain/context.ts';
import { newId } from '../domain/id.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { addMember } from '../members/add-member.ts';
import { draftProject } from '../projects/create-project.ts';
import type { StoredAccount } from './account-store.ts';
import { accountSubject } from './account-subject.ts';
import { selfCaller } from './self-caller.ts';

export interface NewAccount {
  account: StoredAccount;
  passwordHash: string;
}

/** An account that is to be made, and who makes it: the person itself, who can do nothing yet. */
export function draftAccount(
  { email, name }: { email: string; name: string },
  now: number,
): { account: StoredAccount; caller: AccountCaller } {
  const account = { id: newId('account', now), email, name, createdAt: now };
  return { account, caller: selfCaller(account, now) };
}

/** @returns what the ledger is to say; null when another account has the address, and nothing was written */
export async function insertAccount(
  stores: Stores,
  { account, passwordHash }: NewAccount,
): Promise<LedgerEntry[] | null> {
  if (!(await stores.accounts.insert(account, passwordHash))) return null;
  const { email } = account;
  return [{ action: 'account.created', ...accountSubject(account), privateDetail: { email } }];
}

/** Makes the account an administrator of the instance. @returns what the ledger is to say: nothing if it was one */
export async function grantAdmin(
  stores: Stores,
  account: StoredAccount,
  now: number,
): Promise<LedgerEntry[]> {
  if (!(await stores.accounts.grantAdmin(account.id, now))) return [];
  return [{ action: 'account.admin_granted', ...accountSubject(account) }];
}

/** A project of one's own, to begin with. */
export async function giveOwnProject(
  stores: Stores,
  account: StoredAccount,
  now: number,
): Promise<LedgerEntry[]> {
  const { project, entry } = draftProject({ name: ownProjectName(account.name), preset: 'standard' }, now);
  await stores.projects.insert(project);
  return [entry, ...(await addMember(stores, account, { projectId: project.id, role: 'owner', now }))];
}

const maxNameLength = 100;

function ownProjectName(name: string): string {
  const ending = '’s project';
  return `${Array.from(name)
    .slice(0, maxNameLength - ending.length)
    .join('')}${ending}`;
}
