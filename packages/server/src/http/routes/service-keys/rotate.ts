import { endpoints } from '@keywright/contract';
import { rotateServiceKey } from '../../../service-keys/rotate-service-key.ts';
import { route } from '../../route.ts';

export const rotateServiceKeyRoute = route(
  endpoints.rotateServiceKey,
  async ({ context, caller, params }) => {
    const { secret, ...rotated } = await rotateServiceKey(context, caller, params.serviceKeyId);
    return { ...rotated, secret: secret.reveal() };
  },
);
