import { done, registerPasskeyBody } from '@keywright/contract';
import { addPasskey } from '../../../accounts/passkeys.ts';
import { authRoute } from '../../auth-route.ts';

export const passkeyRegisterRoute = authRoute(
  { method: 'POST', path: '/passkey/register', body: registerPasskeyBody, answer: done },
  async ({ services, visit, session, body }) => {
    await addPasskey(services, visit, await session(), body);
    return { answer: {} };
  },
);
