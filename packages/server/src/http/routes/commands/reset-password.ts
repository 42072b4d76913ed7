import { commandEndpoints } from '@keywright/contract';
import { resetPassword } from '../../../accounts/reset-password.ts';
import { route } from '../../route.ts';

export const resetPasswordRoute = route(
  commandEndpoints.resetPassword,
  async ({ context, caller, body }) => ({
    account: await resetPassword(context, caller, body),
  }),
);
