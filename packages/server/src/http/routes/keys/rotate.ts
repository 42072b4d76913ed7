import { endpoints } from '@keywright/contract';
import { rotateKey } from '../../../keys/rotate-key.ts';
import { route } from '../../route.ts';

export const rotateKeyRoute = route(endpoints.rotateKey, async ({ context, caller, params, body }) => {
  const { secret, ...rotated } = await rotateKey(context, caller, params.keyId, body.overlapSeconds);
  return { ...rotated, secret: secret.reveal() };
});
