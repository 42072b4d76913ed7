import { noFields, passkeyOptions } from '@keywright/contract';
import { beginPasskey } from '../../../accounts/passkeys.ts';
import { authRoute } from '../../auth-route.ts';

export const passkeyRegisterOptionsRoute = authRoute(
  { method: 'POST', path: '/passkey/register-options', body: noFields, answer: passkeyOptions },
  async ({ services, visit, session }) => {
    const { options, cookies } = await beginPasskey(services, visit, await session());
    return { answer: { options }, cookies };
  },
);
