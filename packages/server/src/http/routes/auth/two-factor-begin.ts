import { noFields, twoFactorSecret } from '@keywright/contract';
import { beginSecondFactor } from '../../../accounts/second-factor.ts';
import { authRoute } from '../../auth-route.ts';

export const beginTwoFactorRoute = authRoute(
  { method: 'POST', path: '/two-factor/begin', body: noFields, answer: twoFactorSecret },
  async ({ services, session }) => ({ answer: await beginSecondFactor(services, await session()) }),
);
