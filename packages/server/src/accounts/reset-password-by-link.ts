import type { ResetPasswordByLinkBody } from '@keywright/contract';
import type { AccountServices } from './account-services.ts';
import { accountSubject } from './account-subject.ts';
import { notifyOfPassword } from './notify.ts';
import { openLink, useLink } from './open-link.ts';
import { hashPassword } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';
import { selfCaller } from './self-caller.ts';

/**
 * Gives the account that a link is for another password. All of its sessions end with it, and all of its links.
 * @throws forbidden for a token that is good for nothing, validation_failed for a weak password, rate_limited
 */
export async function resetPasswordByLink(
  services: AccountServices,
  address: string,
  { token, password }: ResetPasswordByLinkBody,
): Promise<void> {
  const { context, throttle } = services;
  const purpose = 'reset_password';
  const { account } = await openLink(services, address, { purpose, token });
  const { name: instanceName } = await context.stores.instance.find();
  await checkPassword(password, { ...account, field: 'password', instanceName });
  const passwordHash = await hashPassword(password);
  const caller = selfCaller(account, context.clock.now());
  const { value: email } = await context.change(caller, async (stores, now) => {
    const { account: held } = await useLink(stores, { purpose, token, accountId: account.id }, now);
    await stores.accounts.setPasswordHash(held.id, passwordHash, now);
    await stores.accounts.endSessions(held.id, null);
    await stores.links.deleteAll(held.id);
    return {
      value: held.email,
      entries: [{ action: 'account.password_changed', ...accountSubject(held) }],
    };
  });
  // Who mistyped the old password ten times is not to wait with the new one.
  throttle.forgive(email, address);
  notifyOfPassword(services, email);
}
