import type { AccountServices } from './account-services.ts';
import type { Session } from './identity.ts';
import { selfCaller } from './self-caller.ts';

/** Takes back the wish for another address, with the link that is out for it. Does nothing where there is none. */
export async function cancelEmailChange(
  { context }: AccountServices,
  { account, authenticatedAt }: Session,
): Promise<void> {
  await context.change(selfCaller(account, authenticatedAt), async ({ accounts, links }) => {
    // In the order of all who change links: the account first.
    if ((await accounts.hold(account.id)) !== null) await links.deletePendingEmail(account.id);
    return { value: null, entries: [] };
  });
}
