import { endpoints } from '@keywright/contract';
import { getKeyAllowance } from '../../../keys/get-key-allowance.ts';
import { route } from '../../route.ts';

export const getKeyAllowanceRoute = route(endpoints.getKeyAllowance, ({ context, caller, params, query }) =>
  getKeyAllowance(context, caller, params.projectId, query),
);
