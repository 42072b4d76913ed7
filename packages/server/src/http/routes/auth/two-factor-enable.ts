import { backupCodesAnswer, secondFactorBody } from '@keywright/contract';
import { turnOnSecondFactor } from '../../../accounts/second-factor.ts';
import { authRoute } from '../../auth-route.ts';

export const enableTwoFactorRoute = authRoute(
  { method: 'POST', path: '/two-factor/enable', body: secondFactorBody, answer: backupCodesAnswer },
  async ({ services, session, body }) => ({
    answer: { backupCodes: await turnOnSecondFactor(services, await session(), body.code) },
  }),
);
