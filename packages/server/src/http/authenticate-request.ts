import type { IncomingMessage } from 'node:http';
import { authenticateSession } from '../accounts/authenticate-session.ts';
import type { Visit } from '../accounts/identity.ts';
import type { Caller } from '../domain/caller.ts';
import type { Access } from '../wire/access.ts';
import { readAuthorization } from './authorization.ts';
import { acceptControl } from './control.ts';
import type { HttpDependencies } from './dependencies.ts';
import { requireSameOrigin } from './same-origin.ts';

type Dependencies = Pick<HttpDependencies, 'authenticate' | 'accounts' | 'access' | 'controlToken'>;

/**
 * Who calls: a service key, a command of this machine, or the account whose session the cookie shows. A request with an `Authorization` header is
 * judged by it alone.
 * @throws unauthenticated; forbidden for a change that a page of somebody else's sent
 */
export function authenticateRequest(
  { authenticate, accounts, access, controlToken }: Dependencies,
  incoming: IncomingMessage,
): Caller | Promise<Caller> {
  const command = acceptControl(incoming, controlToken);
  if (command !== null) return command;
  const authorization = readAuthorization(incoming);
  if (authorization !== undefined || incoming.headers.cookie === undefined)
    return authenticate(authorization);
  const visit = visitOf(incoming, access);
  if (!accounts.identity.showsSession(visit)) return authenticate(undefined);
  requireSameOrigin(incoming, access);
  return authenticateSession(accounts, visit);
}

/** What accounts need to know of a request. */
export function visitOf(incoming: IncomingMessage, access: Access): Visit {
  return {
    cookie: incoming.headers.cookie,
    address: access.addressOf(incoming),
    userAgent: incoming.headers['user-agent'],
    isSecure: access.isSecure(incoming),
    origin: access.ownOrigin(incoming),
  };
}
