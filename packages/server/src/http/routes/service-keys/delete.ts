import { endpoints } from '@keywright/contract';
import { deleteServiceKey } from '../../../service-keys/delete-service-key.ts';
import { route } from '../../route.ts';

export const deleteServiceKeyRoute = route(
  endpoints.deleteServiceKey,
  async ({ context, caller, params }) => ({
    propagation: await deleteServiceKey(context, caller, params.serviceKeyId),
  }),
);
