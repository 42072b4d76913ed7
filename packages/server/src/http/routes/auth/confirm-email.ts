import { confirmEmailBody, confirmedEmail } from '@keywright/contract';
import { confirmEmail } from '../../../accounts/confirm-email.ts';
import { authRoute } from '../../auth-route.ts';

export const confirmEmailRoute = authRoute(
  { method: 'POST', path: '/confirm-email', body: confirmEmailBody, answer: confirmedEmail },
  async ({ services, visit, body }) => ({
    answer: { email: await confirmEmail(services, visit.address, body.token) },
  }),
);
