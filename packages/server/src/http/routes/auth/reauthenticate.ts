import { done, reauthenticateBody } from '@keywright/contract';
import { reauthenticate } from '../../../accounts/reauthenticate.ts';
import { authRoute } from '../../auth-route.ts';

export const reauthenticateRoute = authRoute(
  { method: 'POST', path: '/reauthenticate', body: reauthenticateBody, answer: done },
  async ({ services, visit, session, body }) => {
    await reauthenticate(services, visit, await session(), body);
    return { answer: {} };
  },
);
