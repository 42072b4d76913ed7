import type { AccountLink, LinkPurpose } from '@keywright/contract';
import { type Caller, requireInstance } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import { invalidField, notFound } from '../domain/error.ts';
import { formatTime } from '../domain/time.ts';
import { confirmEmailMessage, resetPasswordMessage } from '../mail/messages.ts';
import type { PostOffice } from '../mail/post-office.ts';
import { authorizePerson } from './account-rules.ts';
import type { StoredAccount } from './account-store.ts';
import { accountSubject } from './account-subject.ts';
import { issueLink } from './issue-link.ts';
import { givenLifetimeMs } from './link-lifetime.ts';
import { requireRecentProof } from './recent-proof.ts';

/**
 * Makes a link for somebody who lost the password, or who asked for another address: it goes by e-mail when that can be
 * sent, and is answered this once, to be passed on.
 * @throws not_found, forbidden, unauthenticated without a recent proof of the password, validation_failed when there is
 *   no address to confirm
 */
export async function createAccountLink(
  { context, post }: { context: Context; post: PostOffice },
  caller: Caller,
  { accountId, purpose }: { accountId: string; purpose: LinkPurpose },
): Promise<AccountLink> {
  authorizePerson(caller, accountId);
  requireInstance(caller);
  requireRecentProof(caller, context.clock.now());
  const { value } = await context.change(caller, async (stores, now) => {
    const account = await stores.accounts.hold(accountId);
    if (account === null) throw notFound('account');
    const email = purpose === 'confirm_email' ? await findFreeWish(stores, account) : null;
    const { name: instance } = await stores.instance.find();
    const issued = await issueLink(stores, { accountId, purpose, email, now, lifetimeMs: givenLifetimeMs });
    const detail = { purpose, expiresAt: formatTime(issued.expiresAt) };
    return {
      value: { ...issued, to: email ?? account.email, instance },
      entries: [{ action: 'account.link_created', ...accountSubject(account), detail }],
    };
  });
  const { token, expiresAt, to, instance } = value;
  const isReset = purpose === 'reset_password';
  const link = post.linkTo(isReset ? 'reset-password' : 'confirm-email', token);
  const write = isReset ? resetPasswordMessage : confirmEmailMessage;
  const isSent = await post.deliver(write({ to, instance, link, expiresAt }));
  return { link, sentTo: isSent ? to : null, expiresAt: formatTime(expiresAt) };
}

/** The address that an account asked for. @throws validation_failed when there is none, or another account has it */
async function findFreeWish({ links, accounts }: Stores, account: StoredAccount): Promise<string> {
  const email = await links.findPendingEmail(account.id);
  if (email === null) throw invalidField('purpose', 'cannot be this: the account asked for no other address');
  if ((await accounts.findByEmail(email)) !== null)
    throw invalidField('purpose', 'cannot be this: another account has the address that was asked for');
  return email;
}
