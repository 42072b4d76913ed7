import { endpoints } from '@keywright/contract';
import { listAccounts } from '../../../accounts/list-accounts.ts';
import { route } from '../../route.ts';

export const listAccountsRoute = route(endpoints.listAccounts, ({ context, caller, query }) =>
  listAccounts(context, caller, query),
);
