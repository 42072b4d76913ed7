import { endpoints } from '@keywright/contract';
import { eraseAccount } from '../../../accounts/erase-account.ts';
import { route } from '../../route.ts';

export const eraseAccountRoute = route(endpoints.eraseAccount, async ({ context, caller, params }) => ({
  propagation: await eraseAccount(context, caller, params.accountId),
}));
