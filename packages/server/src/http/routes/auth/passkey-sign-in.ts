import { passkeySignInBody, signInAnswer } from '@keywright/contract';
import { signInWithPasskey } from '../../../accounts/passkeys.ts';
import { authRoute } from '../../auth-route.ts';

export const passkeySignInRoute = authRoute(
  { method: 'POST', path: '/passkey/sign-in', body: passkeySignInBody, answer: signInAnswer },
  async ({ services, visit, body }) => {
    const { account, cookies } = await signInWithPasskey(services, visit, body.response);
    return { answer: { account, secondFactor: false }, cookies };
  },
);
