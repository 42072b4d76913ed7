import { DomainError, invalidField } from '../domain/error.ts';
import type { Message } from '../mail/mailer.ts';
import { addressTakenMessage, confirmEmailMessage } from '../mail/messages.ts';
import type { AccountServices } from './account-services.ts';
import type { Session, Visit } from './identity.ts';
import { type IssuedLink, issueLink } from './issue-link.ts';
import { ownLifetimeMs } from './link-lifetime.ts';
import { requireRecentProof } from './recent-proof.ts';
import { selfCaller } from './self-caller.ts';

/**
 * Asks for another e-mail address, which the account gets when the link that goes there is opened. An address that
 * another account has is answered alike: who has it is told by e-mail, and who asks is not.
 * @returns whether a letter went there; if not, an administrator sees the wish and makes the link
 * @throws unauthenticated without a recent proof of the password, validation_failed for the address that it has, rate_limited
 */
export async function changeEmail(
  services: AccountServices,
  { visit, session, email }: { visit: Visit; session: Session; email: string },
): Promise<boolean> {
  const { context, mailThrottle, post } = services;
  const { account } = session;
  const caller = selfCaller(account, session.authenticatedAt);
  requireRecentProof(caller, context.clock.now());
  if (email === account.email) throw invalidField('email', 'is the address that you have');
  mailThrottle.begin(account.id, visit.address);
  mailThrottle.begin(email, visit.address);
  const { name: instance } = await context.stores.instance.find();
  const purpose = 'confirm_email';
  const { value } = await context.change(caller, async (stores, now) => {
    if ((await stores.accounts.hold(account.id)) === null) throw new DomainError('unauthenticated');
    await stores.links.setPendingEmail(account.id, email, now);
    await stores.links.delete(account.id, purpose);
    const isTaken = (await stores.accounts.findByEmail(email)) !== null;
    if (!post.canSend) return { value: null, entries: [] };
    // Also when nobody will get it: a person can see in its own export that there is one.
    const link = { accountId: account.id, purpose, email, now } as const;
    const issued = await issueLink(stores, { ...link, lifetimeMs: ownLifetimeMs[purpose] });
    return { value: { issued, isTaken }, entries: [] };
  });
  if (value === null) return false;
  const to = { to: email, instance };
  return post.deliver(value.isTaken ? addressTakenMessage(to) : confirmation(services, to, value.issued));
}

function confirmation(
  { post }: AccountServices,
  to: { to: string; instance: string },
  { token, expiresAt }: IssuedLink,
): Message {
  return confirmEmailMessage({ ...to, link: post.linkTo('confirm-email', token), expiresAt });
}
