import { endpoints } from '@keywright/contract';
import { revokeKey } from '../../../keys/revoke-key.ts';
import { route } from '../../route.ts';

export const revokeKeyRoute = route(endpoints.revokeKey, ({ context, caller, params, body }) =>
  revokeKey(context, caller, params.keyId, body.reason ?? null),
);
