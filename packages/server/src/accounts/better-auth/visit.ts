import type { SignedIn, Visit } from '../identity.ts';
import { addressHeader, passingCookieNames, sessionCookieName } from './auth.ts';

/** A visit as better-auth is told of it. */
export function headersOf({ cookie, address, userAgent }: Visit): Headers {
  return new Headers({
    [addressHeader]: address,
    ...(cookie !== undefined && { cookie }),
    ...(userAgent !== undefined && { 'user-agent': userAgent.slice(0, 500) }),
  });
}

/**
 * The cookies of an answer that are ours: it takes back such too as it never set.
 * @param which `passing`: not that of a session, which it begins and takes back before a second factor
 */
export function ownCookies(
  { isSecure }: Visit,
  headers: Headers,
  which: 'all' | 'passing' = 'all',
): string[] {
  const names = passingCookieNames(isSecure);
  if (which === 'all') names.push(sessionCookieName(isSecure));
  return headers.getSetCookie().filter((cookie) => names.some((name) => cookie.startsWith(`${name}=`)));
}

export function toSignedIn({ id, email, name }: SignedIn): SignedIn {
  return { id, email, name };
}
