import type { ReauthenticateBody } from '@keywright/contract';
import { invalidField } from '../domain/error.ts';
import type { AccountServices } from './account-services.ts';
import type { Session, Visit } from './identity.ts';
import { provePassword } from './prove-password.ts';
import { insufficientProof } from './recent-proof.ts';
import { selfCaller } from './self-caller.ts';
import { useCode } from './use-code.ts';

/**
 * Proves anew within a session who somebody is, before something that a session alone is not enough for: by the
 * password, and by a code too when a second factor is on.
 * @throws validation_failed for another password or a wrong code, unauthenticated when a code is needed, rate_limited
 */
export async function reauthenticate(
  services: AccountServices,
  visit: Visit,
  session: Session,
  { password, code }: ReauthenticateBody,
): Promise<void> {
  const { context } = services;
  const { account } = session;
  await provePassword(services, { visit, session, field: 'password', password });
  if ((await context.stores.secondFactors.find(account.id))?.isOn === true) {
    await proveCode(services, visit, session, code);
  }
  await context.change(selfCaller(account, session.authenticatedAt), async ({ accounts }, now) => {
    await accounts.markAuthenticated(session.id, now);
    return { value: null, entries: [] };
  });
}

async function proveCode(
  services: AccountServices,
  visit: Visit,
  { account }: Session,
  code: string | undefined,
): Promise<void> {
  if (code === undefined) {
    throw insufficientProof(
      'Your account has a second factor: send a code of your app, or a backup code, with the password.',
      'send the code of the second factor too',
    );
  }
  if (!(await useCode(services, visit, account, code))) {
    throw invalidField('code', 'is wrong, or it was used before');
  }
}
