import { done, noFields } from '@keywright/contract';
import { cancelEmailChange } from '../../../accounts/cancel-email-change.ts';
import { authRoute } from '../../auth-route.ts';

export const cancelEmailChangeRoute = authRoute(
  { method: 'POST', path: '/cancel-email-change', body: noFields, answer: done },
  async ({ services, session }) => {
    await cancelEmailChange(services, await session());
    return { answer: {} };
  },
);
