import { done, forgotPasswordBody } from '@keywright/contract';
import { forgotPassword } from '../../../accounts/forgot-password.ts';
import { authRoute } from '../../auth-route.ts';

export const forgotPasswordRoute = authRoute(
  { method: 'POST', path: '/forgot-password', body: forgotPasswordBody, answer: done },
  async ({ services, visit, body }) => {
    forgotPassword(services, visit.address, body.email);
    return { answer: {} };
  },
);
