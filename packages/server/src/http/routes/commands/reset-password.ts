import { commandEndpoints } from '@keywright/contract';
import { resetPassword } from '../../../accounts/reset-password.ts';
import { answerJson, rawRoute } from '../../route.ts';

const endpoint = commandEndpoints.resetPassword;

export const resetPasswordRoute = rawRoute(endpoint, async ({ context, caller, body }, _, { accounts }) =>
  answerJson(endpoint, {
    account: await resetPassword({ context, post: accounts.post }, caller, body),
  }),
);
