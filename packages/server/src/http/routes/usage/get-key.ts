import { endpoints } from '@keywright/contract';
import { getKeyUsage } from '../../../usage/get-key-usage.ts';
import { route } from '../../route.ts';

export const getKeyUsageRoute = route(endpoints.getKeyUsage, ({ context, caller, params, query }) =>
  getKeyUsage(context, caller, params.keyId, query),
);
