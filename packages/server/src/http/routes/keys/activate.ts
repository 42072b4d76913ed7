import { endpoints } from '@keywright/contract';
import { switchKey } from '../../../keys/switch-key.ts';
import { route } from '../../route.ts';

export const activateKeyRoute = route(endpoints.activateKey, ({ context, caller, params }) =>
  switchKey(context, caller, params.keyId, 'active'),
);
