import type { SignInBody } from '@keywright/contract';
import { DomainError } from '../domain/error.ts';
import type { AccountServices } from './account-services.ts';
import type { SignedIn, Visit } from './identity.ts';
import type { Attempt } from './throttle.ts';

/**
 * Begins a session, always a fresh one.
 * @returns who signed in (null: the second factor is still to come), and what the browser is to keep
 * @throws unauthenticated, rate_limited
 */
export async function signIn(
  { identity, throttle }: AccountServices,
  visit: Visit,
  { email, password }: SignInBody,
): Promise<{ account: SignedIn | null; cookies: string[] }> {
  return attempt(throttle.begin(email, visit.address), () => identity.signIn(visit, { email, password }));
}

/** Runs what looks at a password, and counts the attempt as what it turns out to be. */
async function attempt<T>(begun: Attempt, run: () => Promise<T>): Promise<T> {
  try {
    const value = await run();
    begun.succeed();
    return value;
  } catch (error) {
    // Only a wrong password is a failure of who asks.
    if (!(error instanceof DomainError && error.code === 'unauthenticated')) begun.withdraw();
    throw error;
  }
}
