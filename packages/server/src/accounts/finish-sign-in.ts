import { DomainError } from '../domain/error.ts';
import type { AccountServices } from './account-services.ts';
import type { SignedIn, Visit } from './identity.ts';
import { useCode } from './use-code.ts';

/**
 * The second half of a sign-in whose password was right: with a code it begins a session, always a fresh one.
 * @throws unauthenticated for a wrong code, or when no sign-in waits for one; rate_limited
 */
export async function finishSignIn(
  services: AccountServices,
  visit: Visit,
  code: string,
): Promise<{ account: SignedIn; cookies: string[] }> {
  const account = await services.identity.findPending(visit);
  if (account === null) {
    throw new DomainError('unauthenticated', {
      detail:
        'No sign-in waits for a code here, or it took longer than ten minutes: begin with the password again.',
    });
  }
  if (!(await useCode(services, visit, account, code))) {
    throw new DomainError('unauthenticated', {
      detail: 'The code is wrong, or it was used before. The app shows a new one every 30 seconds.',
    });
  }
  return services.identity.completeSignIn(visit);
}
