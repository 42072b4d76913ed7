import { endpoints } from '@keywright/contract';
import { getKey } from '../../../keys/get-key.ts';
import { route } from '../../route.ts';

export const getKeyRoute = route(endpoints.getKey, ({ context, caller, params }) =>
  getKey(context, caller, params.keyId),
);
