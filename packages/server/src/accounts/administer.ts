import type { Caller } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import { DomainError, notFound } from '../domain/error.ts';
import type { StoredAccount } from './account-store.ts';
import { accountSubject } from './account-subject.ts';
import { grantAdmin } from './create-account.ts';
import { hashPassword } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';

/**
 * Gives an account another password, for who lost it. All of its sessions end with it.
 * @throws forbidden for all but commands of this machine, not_found, validation_failed for a weak password
 */
export async function resetPassword(
  context: Context,
  caller: Caller,
  { email, password }: { email: string; password: string },
): Promise<StoredAccount> {
  requireCommand(caller);
  const account = await requireAccount(context.stores, email);
  const { name: instanceName } = await context.stores.instance.find();
  checkPassword(password, { ...account, field: 'password', instanceName });
  const passwordHash = await hashPassword(password);
  await context.change(caller, async ({ accounts }, now) => {
    await accounts.setPasswordHash(account.id, passwordHash, now);
    await accounts.endSessions(account.id, null);
    return { value: null, entries: [{ action: 'account.password_changed', ...accountSubject(account) }] };
  });
  return account;
}

/**
 * Makes an account an administrator of the instance, if it is none.
 * @throws forbidden for all but commands of this machine, not_found
 */
export async function grantAdministration(
  context: Context,
  caller: Caller,
  email: string,
): Promise<StoredAccount> {
  requireCommand(caller);
  const { value } = await context.change(caller, async (stores, now) => {
    const account = await requireAccount(stores, email);
    await stores.instance.lock('update');
    // Whoever holds a set-up link has no more use for it.
    await stores.instance.setSetupToken(null);
    return { value: account, entries: await grantAdmin(stores, account, now) };
  });
  return value;
}

/**
 * Makes an account no administrator of the instance any more.
 * @throws forbidden for all but commands of this machine, not_found, last_owner for the last one that there is
 */
export async function revokeAdministration(
  context: Context,
  caller: Caller,
  email: string,
): Promise<StoredAccount> {
  requireCommand(caller);
  const { value } = await context.change(caller, async (stores) => {
    await stores.members.lockAll();
    const account = await requireAccount(stores, email);
    if (!(await stores.accounts.revokeAdmin(account.id))) return { value: account, entries: [] };
    if (!(await stores.accounts.hasAdmin())) {
      throw new DomainError('last_owner', {
        detail: 'This is the last administrator of the instance. Make another one first.',
      });
    }
    return { value: account, entries: [{ action: 'account.admin_revoked', ...accountSubject(account) }] };
  });
  return value;
}

function requireCommand(caller: Caller): void {
  if (caller.type === 'system') return;
  throw new DomainError('forbidden', {
    detail: 'This is for the keywright command on the machine that the server runs on.',
  });
}

async function requireAccount({ accounts }: Pick<Stores, 'accounts'>, email: string): Promise<StoredAccount> {
  const account = await accounts.findByEmail(email);
  if (account === null) throw notFound('account');
  return account;
}
