import { endpoints } from '@keywright/contract';
import { updateKey } from '../../../keys/update-key.ts';
import { route } from '../../route.ts';

export const updateKeyRoute = route(endpoints.updateKey, ({ context, caller, params, body }) =>
  updateKey(context, caller, params.keyId, body),
);
