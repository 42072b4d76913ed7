import { commandEndpoints } from '@keywright/contract';
import { grantAdministration } from '../../../accounts/administer.ts';
import { route } from '../../route.ts';

export const grantAdministrationRoute = route(
  commandEndpoints.grantAdministration,
  async ({ context, caller, body }) => ({
    account: await grantAdministration(context, caller, body.email),
  }),
);
