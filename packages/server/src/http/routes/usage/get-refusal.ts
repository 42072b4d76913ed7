import { endpoints } from '@keywright/contract';
import { getRefusal } from '../../../usage/get-refusal.ts';
import { route } from '../../route.ts';

export const getRefusalRoute = route(endpoints.getRefusal, ({ context, caller, params }) =>
  getRefusal(context, caller, params.projectId, params.requestId),
);
