import type { ChangePasswordBody } from '@keywright/contract';
import { DomainError } from '../domain/error.ts';
import type { AccountServices } from './account-services.ts';
import { accountSubject } from './account-subject.ts';
import type { Session, Visit } from './identity.ts';
import { notifyOfPassword } from './notify.ts';
import { hashPassword } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';
import { provePassword } from './prove-password.ts';
import { selfCaller } from './self-caller.ts';

/**
 * Gives the account that is signed in another password. All of its other sessions end with it.
 * @throws validation_failed when the current password is another, or the new one weak; rate_limited
 */
export async function changePassword(
  services: AccountServices,
  visit: Visit,
  session: Session,
  { currentPassword, newPassword }: ChangePasswordBody,
): Promise<void> {
  const { context } = services;
  const { account } = session;
  const proof = { visit, session, field: 'currentPassword', password: currentPassword };
  const formerHash = await provePassword(services, proof);
  const { name: instanceName } = await context.stores.instance.find();
  await checkPassword(newPassword, { ...account, field: 'newPassword', instanceName });
  const passwordHash = await hashPassword(newPassword);
  await context.change(
    selfCaller(account, session.authenticatedAt),
    async ({ accounts, links, secondFactors }, now) => {
      // Another change of it may have come in between, made by who found out the one that was proved here.
      if ((await accounts.lockPasswordHash(account.id)) !== formerHash) {
        throw new DomainError('forbidden', { detail: 'The password was changed in the meantime.' });
      }
      await links.deleteAll(account.id);
      await accounts.setPasswordHash(account.id, passwordHash, now);
      await accounts.endSessions(account.id, session.id);
      // The password alone proves too little where a second factor is on.
      if ((await secondFactors.find(account.id))?.isOn !== true)
        await accounts.markAuthenticated(session.id, now);
      return { value: null, entries: [{ action: 'account.password_changed', ...accountSubject(account) }] };
    },
  );
  notifyOfPassword(services, account.email);
}
