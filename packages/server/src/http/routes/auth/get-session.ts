import { currentSession } from '@keywright/contract';
import { findSession } from '../../../accounts/authenticate-session.ts';
import { formatTime } from '../../../domain/time.ts';
import { authRoute } from '../../auth-route.ts';

export const getSessionRoute = authRoute(
  { method: 'GET', path: '/get-session', answer: currentSession },
  async ({ services, visit }) => {
    const found = await findSession(services, visit);
    if (found === null) return { answer: { session: null, account: null } };
    const { id, account, createdAt, expiresAt, authenticatedAt } = found;
    const times = {
      createdAt: formatTime(createdAt),
      expiresAt: formatTime(expiresAt),
      authenticatedAt: formatTime(authenticatedAt),
    };
    return { answer: { session: { id, ...times }, account } };
  },
);
