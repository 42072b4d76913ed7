import { endpoints } from '@keywright/contract';
import { createKey } from '../../../keys/create-key.ts';
import { route } from '../../route.ts';

export const createKeyRoute = route(endpoints.createKey, async ({ context, caller, params, body }) => {
  const { key, secret } = await createKey(context, caller, params.projectId, body);
  return { key, secret: secret.reveal() };
});
