import { done, renamePasskeyBody } from '@keywright/contract';
import { renamePasskey } from '../../../accounts/passkeys.ts';
import { authRoute } from '../../auth-route.ts';

export const passkeyRenameRoute = authRoute(
  { method: 'POST', path: '/passkey/rename', body: renamePasskeyBody, answer: done },
  async ({ services, session, body }) => {
    await renamePasskey(services, await session(), body);
    return { answer: {} };
  },
);
