import type { ResetPasswordBody } from '@keywright/contract';
import { type Caller, requireCommand } from '../domain/caller.ts';
import type { Stores } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { AccountServices } from './account-services.ts';
import type { StoredAccount } from './account-store.ts';
import { accountSubject } from './account-subject.ts';
import { notifyOfPassword } from './notify.ts';
import { tellOf } from './passkeys.ts';
import { hashPassword } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';

/**
 * Gives an account another password, for who lost it. All of its sessions end with it.
 * @param withoutSecondFactor true: takes its second factor and all of its passkeys away too
 * @throws forbidden for all but commands of this machine, not_found, validation_failed for a weak password
 */
export async function resetPassword(
  services: Pick<AccountServices, 'context' | 'post'>,
  caller: Caller,
  { email, password, withoutSecondFactor = false }: ResetPasswordBody,
): Promise<StoredAccount> {
  const { context } = services;
  requireCommand(caller);
  const account = await context.stores.accounts.findByEmail(email);
  if (account === null) throw notFound('account');
  const { name: instanceName } = await context.stores.instance.find();
  await checkPassword(password, { ...account, field: 'password', instanceName });
  const passwordHash = await hashPassword(password);
  await context.change(caller, async (stores, now) => {
    const { accounts, links } = stores;
    // It may have been erased in between, and its name must not come back into the ledger.
    if ((await accounts.hold(account.id)) === null) throw notFound('account');
    await accounts.setPasswordHash(account.id, passwordHash, now);
    await links.deleteAll(account.id);
    await accounts.endSessions(account.id, null);
    const removed = withoutSecondFactor ? await removeSecondFactors(stores, account) : [];
    return {
      value: null,
      entries: [{ action: 'account.password_changed', ...accountSubject(account) }, ...removed],
    };
  });
  notifyOfPassword(services, account.email);
  return account;
}

/** A passkey is both factors: one that stayed would let in who has the lost phone, or who added it unseen. */
async function removeSecondFactors(
  { secondFactors, passkeys }: Stores,
  account: StoredAccount,
): Promise<LedgerEntry[]> {
  const wasOn = await secondFactors.turnOff(account.id);
  const removed = await passkeys.removeAll(account.id);
  return [
    ...(wasOn ? [{ action: 'account.second_factor_off' as const, ...accountSubject(account) }] : []),
    ...removed.map((passkey) => tellOf('account.passkey_removed', account, passkey)),
  ];
}
