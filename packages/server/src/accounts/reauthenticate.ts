import type { AccountServices } from './account-services.ts';
import type { Session, Visit } from './identity.ts';
import { provePassword } from './prove-password.ts';
import { selfCaller } from './self-caller.ts';

/**
 * Proves the password anew within a session, before something that a session alone is not enough for.
 * @throws validation_failed for another password, rate_limited
 */
export async function reauthenticate(
  services: AccountServices,
  visit: Visit,
  session: Session,
  password: string,
): Promise<void> {
  await provePassword(services, { visit, session, field: 'password', password });
  await services.context.change(
    selfCaller(session.account, session.authenticatedAt),
    async ({ accounts }, now) => {
      await accounts.markAuthenticated(session.id, now);
      return { value: null, entries: [] };
    },
  );
}
