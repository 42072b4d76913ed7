import { done } from '@keywright/contract';
import { endOtherSessions } from '../../../accounts/sessions.ts';
import { authRoute } from '../../auth-route.ts';

export const revokeOtherSessionsRoute = authRoute(
  { method: 'POST', path: '/revoke-other-sessions', answer: done },
  async ({ services, session }) => {
    await endOtherSessions(services, await session());
    return { answer: {} };
  },
);
