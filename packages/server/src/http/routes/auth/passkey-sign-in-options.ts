import { noFields, passkeyOptions } from '@keywright/contract';
import { beginPasskeySignIn } from '../../../accounts/passkeys.ts';
import { authRoute } from '../../auth-route.ts';

export const passkeySignInOptionsRoute = authRoute(
  { method: 'POST', path: '/passkey/sign-in-options', body: noFields, answer: passkeyOptions },
  async ({ services, visit }) => {
    const { options, cookies } = await beginPasskeySignIn(services, visit);
    return { answer: { options }, cookies };
  },
);
