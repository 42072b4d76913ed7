import { DomainError, invalidField } from '../domain/error.ts';
import type { AccountServices } from './account-services.ts';
import type { Session, Visit } from './identity.ts';
import { verifyPassword } from './password-hash.ts';

interface Proof {
  visit: Visit;
  session: Session;
  /** The field of the request that the password came in. */
  field: string;
  password: string;
}

/**
 * Lets pass who knows the password of the account that is signed in.
 * @returns the hash that it fits
 * @throws validation_failed for another password, rate_limited
 */
export async function provePassword(
  { context, throttle }: AccountServices,
  { visit, session: { account }, field, password }: Proof,
): Promise<string> {
  const attempt = throttle.begin(account.email, visit.address);
  const hash = await context.stores.accounts.findPasswordHash(account.id).catch((error) => {
    attempt.withdraw();
    throw error;
  });
  if (hash === null) throw new DomainError('forbidden', { detail: 'This account has no password.' });
  const isRight = await verifyPassword(password, hash).catch((error) => {
    attempt.withdraw();
    throw error;
  });
  if (!isRight) throw invalidField(field, 'is not your password');
  attempt.succeed();
  return hash;
}
