import type { AccountServices } from './account-services.ts';
import { accountSubject } from './account-subject.ts';
import { notifyOfEmail } from './notify.ts';
import { openLink, useLink, wrongLink } from './open-link.ts';
import { selfCaller } from './self-caller.ts';

/**
 * Gives the account that a link is for the address that the link went to. What was sent to the former address is good
 * for nothing any more; sessions go on.
 * @returns the address
 * @throws forbidden for a token that is good for nothing, or when another account has the address by now; rate_limited
 */
export async function confirmEmail(
  services: AccountServices,
  address: string,
  token: string,
): Promise<string> {
  const { context } = services;
  const purpose = 'confirm_email';
  const { account } = await openLink(services, address, { purpose, token });
  const caller = selfCaller(account, context.clock.now());
  const { value } = await context.change(caller, async (stores, now) => {
    // Who signs up, and who confirms, wait for each other here: of two for one address, the second finds it taken.
    await stores.instance.lock('update');
    const { link, account: held } = await useLink(stores, { purpose, token, accountId: account.id }, now);
    const { email } = link;
    if (email === null || (await stores.accounts.findByEmail(email)) !== null) throw wrongLink(purpose);
    await stores.accounts.setEmail(held.id, email, now);
    await stores.links.deleteAll(held.id);
    const privateDetail = { email: { before: held.email, after: email } };
    return {
      value: { before: held.email, after: email },
      entries: [{ action: 'account.email_changed', ...accountSubject(held), privateDetail }],
    };
  });
  notifyOfEmail(services, value.before);
  return value.after;
}
