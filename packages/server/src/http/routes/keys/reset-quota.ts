import { endpoints } from '@keywright/contract';
import { resetQuota } from '../../../keys/reset-quota.ts';
import { route } from '../../route.ts';

export const resetQuotaRoute = route(endpoints.resetQuota, ({ context, caller, params }) =>
  resetQuota(context, caller, params.keyId),
);
