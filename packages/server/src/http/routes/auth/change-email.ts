import { changedEmail, changeEmailBody } from '@keywright/contract';
import { changeEmail } from '../../../accounts/change-email.ts';
import { authRoute } from '../../auth-route.ts';

export const changeEmailRoute = authRoute(
  { method: 'POST', path: '/change-email', body: changeEmailBody, answer: changedEmail },
  async ({ services, visit, session, body }) => ({
    answer: { sent: await changeEmail(services, { visit, session: await session(), email: body.email }) },
  }),
);
