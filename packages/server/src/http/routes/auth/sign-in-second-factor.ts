import { secondFactorBody, signInAnswer } from '@keywright/contract';
import { finishSignIn } from '../../../accounts/finish-sign-in.ts';
import { authRoute } from '../../auth-route.ts';

export const signInSecondFactorRoute = authRoute(
  { method: 'POST', path: '/sign-in/second-factor', body: secondFactorBody, answer: signInAnswer },
  async ({ services, visit, body }) => {
    const { account, cookies } = await finishSignIn(services, visit, body.code);
    return { answer: { account, secondFactor: false }, cookies };
  },
);
