import { endpoints } from '@keywright/contract';
import { authorizeImport, importKeys } from '../../../keys/import-keys.ts';
import { route } from '../../route.ts';

export const importKeysRoute = route(
  endpoints.importKeys,
  ({ context, caller, params, body }) => importKeys(context, caller, params.projectId, body.keys),
  ({ caller, params }) => authorizeImport(caller, params.projectId),
);
