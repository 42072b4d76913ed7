import { done, signUpBody } from '@keywright/contract';
import { signUp } from '../../../accounts/sign-up.ts';
import { authRoute } from '../../auth-route.ts';

export const signUpRoute = authRoute(
  { method: 'POST', path: '/sign-up/email', body: signUpBody, answer: done },
  async ({ services, visit, body }) => {
    await signUp(services, visit.address, body);
    return { answer: {} };
  },
);
