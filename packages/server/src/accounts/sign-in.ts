import type { SignInBody } from '@keywright/contract';
import { systemCaller } from '../domain/caller.ts';
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
  services: AccountServices,
  visit: Visit,
  { email, password }: SignInBody,
): Promise<Begun> {
  const { throttle } = services;
  return attempt(throttle.begin(email, visit.address), () =>
    beginSession(services, visit, { email, password }),
  );
}

interface Begun {
  /** null: a second factor is still to be proved. */
  account: SignedIn | null;
  cookies: string[];
}

/**
 * A change of the password ends all sessions that there are, and would miss one that begins right after it by the former
 * password, which takes long to look at. So what was proved is compared again when the session is there.
 */
async function beginSession(
  { context, identity }: AccountServices,
  visit: Visit,
  credentials: SignInBody,
): Promise<Begun> {
  const { accounts } = context.stores;
  const known = await accounts.findByEmail(credentials.email);
  const proved = await accounts.findPasswordHash(known?.id ?? '');
  const begun = await identity.signIn(visit, credentials);
  const { value: current } = await context.change(systemCaller, async (stores) => ({
    // Waits for a change of it that is on its way.
    value: await stores.accounts.lockPasswordHash(known?.id ?? ''),
    entries: [],
  }));
  if (current === proved) return begun;
  const [cookie] = begun.cookies[0]?.split(';') ?? [];
  if (begun.account !== null) await identity.signOut({ ...visit, cookie });
  throw new DomainError('unauthenticated', { detail: 'The password was changed in the meantime.' });
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
