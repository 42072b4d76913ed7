import { deletePasskeyBody, done } from '@keywright/contract';
import { removePasskey } from '../../../accounts/passkeys.ts';
import { authRoute } from '../../auth-route.ts';

export const passkeyDeleteRoute = authRoute(
  { method: 'POST', path: '/passkey/delete', body: deletePasskeyBody, answer: done },
  async ({ services, session, body }) => {
    await removePasskey(services, await session(), body.id);
    return { answer: {} };
  },
);
