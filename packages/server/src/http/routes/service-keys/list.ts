import { endpoints } from '@keywright/contract';
import { listServiceKeys } from '../../../service-keys/list-service-keys.ts';
import { route } from '../../route.ts';

export const listServiceKeysRoute = route(endpoints.listServiceKeys, ({ context, caller, query }) =>
  listServiceKeys(context, caller, query),
);
