import { signInAnswer, signInBody } from '@keywright/contract';
import { signIn } from '../../../accounts/sign-in.ts';
import { authRoute } from '../../auth-route.ts';

export const signInRoute = authRoute(
  { method: 'POST', path: '/sign-in/email', body: signInBody, answer: signInAnswer },
  async ({ services, visit, body }) => {
    const { account, cookies } = await signIn(services, visit, body);
    return { answer: { account, secondFactor: account === null }, cookies };
  },
);
