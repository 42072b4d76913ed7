import { endpoints } from '@keywright/contract';
import { createServiceKey } from '../../../service-keys/create-service-key.ts';
import { route } from '../../route.ts';

export const createServiceKeyRoute = route(endpoints.createServiceKey, async ({ context, caller, body }) => {
  const { serviceKey, secret } = await createServiceKey(context, caller, body);
  return { serviceKey, secret: secret.reveal() };
});
