import { done, endSessionBody } from '@keywright/contract';
import { endSession } from '../../../accounts/sessions.ts';
import { authRoute } from '../../auth-route.ts';

export const revokeSessionRoute = authRoute(
  { method: 'POST', path: '/revoke-session', body: endSessionBody, answer: done },
  async ({ services, session, body }) => {
    await endSession(services, await session(), body.id);
    return { answer: {} };
  },
);
