import { endpoints } from '@keywright/contract';
import { updateAccount } from '../../../accounts/update-account.ts';
import { route } from '../../route.ts';

export const updateAccountRoute = route(endpoints.updateAccount, ({ context, caller, params, body }) =>
  updateAccount(context, caller, params.accountId, body),
);
