import { changePasswordBody, done } from '@keywright/contract';
import { changePassword } from '../../../accounts/change-password.ts';
import { authRoute } from '../../auth-route.ts';

export const changePasswordRoute = authRoute(
  { method: 'POST', path: '/change-password', body: changePasswordBody, answer: done },
  async ({ services, visit, session, body }) => {
    await changePassword(services, visit, await session(), body);
    return { answer: {} };
  },
);
