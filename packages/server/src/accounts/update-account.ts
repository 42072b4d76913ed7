import type { AccountRecord, Propagation, UpdateAccountBody } from '@keywright/contract';
import { type Caller, requireInstance } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import { DomainError, notFound } from '../domain/error.ts';
import { authorizePerson, viewAccount } from './account-rules.ts';
import type { StoredAccount } from './account-store.ts';
import { accountSubject } from './account-subject.ts';
import { grantAdmin } from './create-account.ts';
import { requireRecentProof } from './recent-proof.ts';

/**
 * Makes an account an administrator of the instance, or no longer one. The last one stays.
 * @throws not_found, forbidden, unauthenticated without a recent proof of the password, last_owner
 */
export async function updateAccount(
  context: Context,
  caller: Caller,
  accountId: string,
  { isInstanceAdmin }: UpdateAccountBody,
): Promise<{ account: AccountRecord; propagation: Propagation }> {
  authorizePerson(caller, accountId);
  requireInstance(caller);
  if (isInstanceAdmin) requireRecentProof(caller, context.clock.now());
  const { value, seq } = await context.change(
    caller,
    async (stores, now) => {
      const account = await stores.accounts.hold(accountId);
      if (account === null) throw notFound('account');
      const entries = isInstanceAdmin
        ? await grantAdmin(stores, account, now)
        : await revokeAdmin(stores, account);
      const value = await stores.accounts.findRow(accountId);
      if (value === null) throw new Error(`account ${accountId} is gone while it was held`);
      return { value, entries };
    },
    { lockFirst: ({ members }) => members.lockAll() },
  );
  return { account: viewAccount(value), propagation: await context.barrier(seq) };
}

async function revokeAdmin(stores: Stores, account: StoredAccount) {
  if (!(await stores.accounts.revokeAdmin(account.id))) return [];
  await requireAdmin(stores);
  return [{ action: 'account.admin_revoked' as const, ...accountSubject(account) }];
}

/**
 * Call it behind `lockAll`, when an administrator has gone.
 * @throws last_owner when none is left
 */
export async function requireAdmin({ accounts }: Stores): Promise<void> {
  if (await accounts.hasAdmin()) return;
  throw new DomainError('last_owner', {
    detail: 'This is the only administrator of the instance. Make another account administrator first.',
  });
}
