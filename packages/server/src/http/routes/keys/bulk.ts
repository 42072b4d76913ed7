import { endpoints } from '@keywright/contract';
import { bulkKeys } from '../../../keys/bulk-keys.ts';
import { route } from '../../route.ts';

export const bulkKeysRoute = route(endpoints.bulkKeys, ({ context, caller, params, body }) =>
  bulkKeys(context, caller, params.projectId, body),
);
