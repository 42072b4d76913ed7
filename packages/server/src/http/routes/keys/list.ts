import { endpoints } from '@keywright/contract';
import { listKeys } from '../../../keys/list-keys.ts';
import { route } from '../../route.ts';

export const listKeysRoute = route(endpoints.listKeys, ({ context, caller, params, query }) =>
  listKeys(context, caller, params.projectId, query),
);
