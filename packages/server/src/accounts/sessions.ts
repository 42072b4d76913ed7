import type { ListedSession } from '@keywright/contract';
import { notFound } from '../domain/error.ts';
import { formatTime } from '../domain/time.ts';
import type { AccountServices } from './account-services.ts';
import type { Session } from './identity.ts';
import { selfCaller } from './self-caller.ts';

/** All sessions of the account that is signed in, newest first. */
export async function listSessions({ context }: AccountServices, current: Session): Promise<ListedSession[]> {
  const sessions = await context.stores.accounts.listSessions(current.account.id, context.clock.now());
  return sessions.map(({ id, createdAt, expiresAt, ipAddress, userAgent }) => ({
    id,
    isCurrent: id === current.id,
    createdAt: formatTime(createdAt),
    expiresAt: formatTime(expiresAt),
    ipAddress,
    userAgent,
  }));
}

/**
 * Ends one of the sessions of the account that is signed in.
 * @throws not_found for one that it does not have
 */
export async function endSession(
  { context }: AccountServices,
  { account, authenticatedAt }: Session,
  id: string,
): Promise<void> {
  await context.change(selfCaller(account, authenticatedAt), async ({ accounts }) => {
    if (!(await accounts.endSession(account.id, id))) throw notFound('session');
    return { value: null, entries: [] };
  });
}

/** Ends all sessions of the account that is signed in but the current one. */
export async function endOtherSessions(
  { context }: AccountServices,
  { id, account, authenticatedAt }: Session,
): Promise<void> {
  await context.change(selfCaller(account, authenticatedAt), async ({ accounts }) => {
    await accounts.endSessions(account.id, id);
    return { value: null, entries: [] };
  });
}
