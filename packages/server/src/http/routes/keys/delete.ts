import { endpoints } from '@keywright/contract';
import { deleteKey } from '../../../keys/delete-key.ts';
import { route } from '../../route.ts';

export const deleteKeyRoute = route(endpoints.deleteKey, async ({ context, caller, params }) => ({
  propagation: await deleteKey(context, caller, params.keyId),
}));
