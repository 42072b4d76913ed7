import type { Instance, SignUpBody } from '@keywright/contract';
import type { Stores } from '../domain/context.ts';
import { DomainError, OvertakenError } from '../domain/error.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { AccountServices } from './account-services.ts';
import type { StoredAccount } from './account-store.ts';
import { addMember, draftAccount, giveOwnProject, insertAccount } from './create-account.ts';
import { hashPassword } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';

/**
 * Makes an account, with a project of its own or as a member of the one that the instance names, all in one change. No
 * session begins with it, and where the address has an account already it does the same work and tells nothing: what
 * tells is the sign-in that follows, which only the owner of the password gets through.
 * @throws forbidden when this person may not sign up, validation_failed for a weak password, rate_limited
 */
export async function signUp(
  { context, throttle }: AccountServices,
  address: string,
  { name, email, password }: SignUpBody,
): Promise<void> {
  const found = await context.stores.instance.find();
  await requireOpen(context.stores, found);
  checkPassword(password, { field: 'password', email, name, instanceName: found.name });
  // Each counts, so that neither accounts can be made nor addresses be tried out without end.
  throttle.begin(null, address);
  const passwordHash = await hashPassword(password);
  const { account, caller } = draftAccount({ email, name }, context.clock.now());
  await context.change(caller, async (stores, now) => {
    const { signupProjectId } = await stores.instance.find();
    const joined = signupProjectId === null ? null : await stores.projects.lock(signupProjectId, 'share');
    const instance = await stores.instance.lock('share');
    if (instance.signupProjectId !== signupProjectId) throw new OvertakenError();
    await requireOpen(stores, instance);
    const entries = await insertAccount(stores, { account, passwordHash });
    if (entries === null) return { value: null, entries: [] };
    return {
      value: null,
      entries: [...entries, ...(await settle(stores, account, joined?.id ?? null, now))],
    };
  });
}

async function settle(
  stores: Stores,
  account: StoredAccount,
  projectId: string | null,
  now: number,
): Promise<LedgerEntry[]> {
  if (projectId === null) return giveOwnProject(stores, account, now);
  return addMember(stores, account, { projectId, role: 'member', now });
}

/** @throws forbidden */
async function requireOpen({ accounts }: Pick<Stores, 'accounts'>, { signup }: Instance): Promise<void> {
  if (!(await accounts.hasAdmin())) {
    throw forbidden(
      'This instance is not set up yet: its first administrator comes by the set-up link in its log.',
    );
  }
  if (signup === 'closed') throw forbidden('This instance takes no new accounts.');
  if (signup === 'invite') throw forbidden('This instance takes new accounts by invitation only.');
}

function forbidden(detail: string): DomainError {
  return new DomainError('forbidden', { detail });
}
