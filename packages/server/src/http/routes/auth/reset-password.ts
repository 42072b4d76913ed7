import { done, resetPasswordByLinkBody } from '@keywright/contract';
import { resetPasswordByLink } from '../../../accounts/reset-password-by-link.ts';
import { authRoute } from '../../auth-route.ts';

export const resetPasswordByLinkRoute = authRoute(
  { method: 'POST', path: '/reset-password', body: resetPasswordByLinkBody, answer: done },
  async ({ services, visit, body }) => {
    await resetPasswordByLink(services, visit.address, body);
    return { answer: {} };
  },
);
