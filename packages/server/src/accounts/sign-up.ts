import type { Instance, SignUpBody } from '@keywright/contract';
import type { Stores } from '../domain/context.ts';
import { DomainError, invalidField, OvertakenError } from '../domain/error.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { acceptInvitation } from '../members/accept-invitation.ts';
import { addMember } from '../members/add-member.ts';
import type { AccountServices } from './account-services.ts';
import type { StoredAccount } from './account-store.ts';
import { draftAccount, giveOwnProject, insertAccount } from './create-account.ts';
import { hashPassword } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';

/**
 * Makes an account: a member of the project that it was invited to, else of the one that the instance names, else with a
 * project of its own; all in one change. No session begins with it, and where the address has an account already it does
 * the same work and tells nothing: what tells is the sign-in that follows, which only who knows the password gets
 * through. Who holds an invitation to that address is told.
 * @throws forbidden when this person may not sign up, not_found for an invitation that is none, validation_failed for a
 *   weak password, rate_limited
 */
export async function signUp(
  { context, throttle }: Pick<AccountServices, 'context' | 'throttle'>,
  address: string,
  { name, email, password, invitationToken }: SignUpBody,
): Promise<void> {
  // Each counts, so that neither accounts can be made nor addresses be tried out without end.
  throttle.begin(null, address);
  const isInvited = invitationToken !== undefined;
  const found = await context.stores.instance.find();
  await requireOpen(context.stores, found, isInvited);
  await checkPassword(password, { field: 'password', email, name, instanceName: found.name });
  const passwordHash = await hashPassword(password);
  const { account, caller } = draftAccount({ email, name }, context.clock.now());
  await context.change(caller, async (stores, now) => {
    const { signupProjectId } = await stores.instance.find();
    const place = isInvited
      ? await acceptInvitation(stores, account, invitationToken, now)
      : await lockSignupProject(stores, signupProjectId);
    const instance = await stores.instance.lock('share');
    if (instance.signupProjectId !== signupProjectId) throw new OvertakenError();
    await requireOpen(stores, instance, isInvited);
    const created = await insertAccount(stores, { account, passwordHash });
    if (created === null) {
      if (isInvited)
        throw invalidField('email', 'has an account already: sign in to it and accept the invitation there');
      return { value: null, entries: [] };
    }
    if (place !== null && 'entries' in place) return { value: null, entries: [...created, ...place.entries] };
    const joined = await settle(stores, account, place?.id ?? null, now);
    return { value: null, entries: [...created, ...joined] };
  });
}

async function lockSignupProject(stores: Stores, id: string | null): Promise<{ id: string } | null> {
  return id === null ? null : stores.projects.lock(id, 'share');
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
async function requireOpen(
  { accounts }: Pick<Stores, 'accounts'>,
  { signup }: Instance,
  isInvited: boolean,
): Promise<void> {
  if (!(await accounts.hasAdmin())) {
    throw forbidden(
      'This instance is not set up yet: its first administrator comes by the set-up link in its log.',
    );
  }
  if (signup === 'closed') throw forbidden('This instance takes no new accounts.');
  if (signup === 'invite' && !isInvited) {
    throw forbidden('This instance takes new accounts by invitation only.');
  }
}

function forbidden(detail: string): DomainError {
  return new DomainError('forbidden', { detail });
}
