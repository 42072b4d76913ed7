import { endpoints } from '@keywright/contract';
import { getProjectUsage } from '../../../usage/get-project-usage.ts';
import { route } from '../../route.ts';

export const getProjectUsageRoute = route(endpoints.getProjectUsage, ({ context, caller, params, query }) =>
  getProjectUsage(context, caller, params.projectId, query),
);
