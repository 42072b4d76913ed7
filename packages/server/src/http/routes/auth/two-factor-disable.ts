import { done, noFields } from '@keywright/contract';
import { turnOffSecondFactor } from '../../../accounts/second-factor.ts';
import { authRoute } from '../../auth-route.ts';

export const disableTwoFactorRoute = authRoute(
  { method: 'POST', path: '/two-factor/disable', body: noFields, answer: done },
  async ({ services, session }) => {
    await turnOffSecondFactor(services, await session());
    return { answer: {} };
  },
);
