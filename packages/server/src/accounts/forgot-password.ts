import { systemCaller } from '../domain/caller.ts';
import { resetPasswordMessage } from '../mail/messages.ts';
import type { AccountServices } from './account-services.ts';
import { issueLink } from './issue-link.ts';
import { ownLifetimeMs } from './link-lifetime.ts';

/**
 * Sends who lost the password a link to choose another. All of it is done after the answer, which so tells nothing of
 * whether there is such an account. Where no e-mail can be sent, nothing is done: an administrator makes the link.
 * @throws rate_limited, by the address that asks and by the one that is asked for
 */
export function forgotPassword(services: AccountServices, address: string, email: string): void {
  const { mailThrottle, post } = services;
  mailThrottle.begin(email, address);
  post.runLater(() => sendLink(services, email));
}

async function sendLink({ context, post }: AccountServices, email: string): Promise<void> {
  const found = await context.stores.accounts.findByEmail(email);
  if (found === null) return;
  const { name: instance } = await context.stores.instance.find();
  const { value: issued } = await context.change(systemCaller, async (stores, now) => {
    const account = await stores.accounts.hold(found.id);
    // It may have been erased, or have another address, in between.
    if (account?.email !== email) return { value: null, entries: [] };
    const purpose = 'reset_password';
    const link = { accountId: account.id, purpose, email: null, now } as const;
    return { value: await issueLink(stores, { ...link, lifetimeMs: ownLifetimeMs[purpose] }), entries: [] };
  });
  if (issued === null) return;
  const link = post.linkTo('reset-password', issued.token);
  await post.deliver(resetPasswordMessage({ to: email, instance, link, expiresAt: issued.expiresAt }));
}
