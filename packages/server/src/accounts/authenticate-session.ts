import { type AccountCaller, systemCaller } from '../domain/caller.ts';
import { DomainError } from '../domain/error.ts';
import type { AccountServices } from './account-services.ts';
import type { Session, Visit } from './identity.ts';
import { isOver, prolongedExpiry } from './session-lifetime.ts';

/** The session of a visit, which goes on for that; null: there is none that is alive. */
export async function findSession(services: AccountServices, visit: Visit): Promise<Session | null> {
  const { context, identity } = services;
  const session = await identity.findSession(visit);
  const now = context.clock.now();
  if (session === null || isOver(session, now)) return null;
  const expiresAt = prolongedExpiry(session, now);
  if (expiresAt === null) return session;
  await context.change(systemCaller, async ({ accounts }) => {
    await accounts.prolongSession(session.id, expiresAt);
    return { value: null, entries: [] };
  });
  return { ...session, expiresAt };
}

/** @throws unauthenticated when the visit has no session that is alive */
export async function requireSession(services: AccountServices, visit: Visit): Promise<Session> {
  const session = await findSession(services, visit);
  if (session !== null) return session;
  throw new DomainError('unauthenticated', { detail: 'You are not signed in, or your session has ended.' });
}

/**
 * Who a session acts for, with what it may do at this moment.
 * @throws unauthenticated
 */
export async function authenticateSession(services: AccountServices, visit: Visit): Promise<AccountCaller> {
  const { account, authenticatedAt } = await requireSession(services, visit);
  const { isInstanceAdmin, roles } = await services.context.stores.authority.find(account.id);
  return { type: 'account', id: account.id, name: account.name, isInstanceAdmin, roles, authenticatedAt };
}
