import { commandEndpoints } from '@keywright/contract';
import { revokeAdministration } from '../../../accounts/administer.ts';
import { route } from '../../route.ts';

export const revokeAdministrationRoute = route(
  commandEndpoints.revokeAdministration,
  async ({ context, caller, body }) => ({
    account: await revokeAdministration(context, caller, body.email),
  }),
);
