import type { Caller } from '../domain/caller.ts';
import { DomainError, notFound } from '../domain/error.ts';
import type { AccountServices } from './account-services.ts';
import type { StoredAccount } from './account-store.ts';
import { accountSubject } from './account-subject.ts';
import { notifyOfPassword } from './notify.ts';
import { hashPassword } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';

/**
 * Gives an account another password, for who lost it. All of its sessions end with it.
 * @throws forbidden for all but commands of this machine, not_found, validation_failed for a weak password
 */
export async function resetPassword(
  services: Pick<AccountServices, 'context' | 'post'>,
  caller: Caller,
  { email, password }: { email: string; password: string },
): Promise<StoredAccount> {
  const { context } = services;
  requireCommand(caller);
  const account = await context.stores.accounts.findByEmail(email);
  if (account === null) throw notFound('account');
  const { name: instanceName } = await context.stores.instance.find();
  await checkPassword(password, { ...account, field: 'password', instanceName });
  const passwordHash = await hashPassword(password);
  await context.change(caller, async ({ accounts, links }, now) => {
    // It may have been erased in between, and its name must not come back into the ledger.
    if ((await accounts.hold(account.id)) === null) throw notFound('account');
    await accounts.setPasswordHash(account.id, passwordHash, now);
    await links.deleteAll(account.id);
    await accounts.endSessions(account.id, null);
    return { value: null, entries: [{ action: 'account.password_changed', ...accountSubject(account) }] };
  });
  notifyOfPassword(services, account.email);
  return account;
}

function requireCommand(caller: Caller): void {
  if (caller.type === 'system') return;
  throw new DomainError('forbidden', {
    detail: 'This is for the keywright command on the machine that the server runs on.',
  });
}
