import { currentSession } from '@keywright/contract';
import { formatTime } from '../../../domain/time.ts';
import { authRoute } from '../../auth-route.ts';

export const getSessionRoute = authRoute(
  { method: 'GET', path: '/get-session', answer: currentSession },
  async ({ session }) => {
    const { id, account, createdAt, expiresAt, authenticatedAt } = await session();
    const times = {
      createdAt: formatTime(createdAt),
      expiresAt: formatTime(expiresAt),
      authenticatedAt: formatTime(authenticatedAt),
    };
    return { answer: { session: { id, ...times }, account } };
  },
);
