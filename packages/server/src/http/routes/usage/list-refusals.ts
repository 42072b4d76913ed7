import { endpoints } from '@keywright/contract';
import { listRefusals } from '../../../usage/list-refusals.ts';
import { route } from '../../route.ts';

export const listRefusalsRoute = route(endpoints.listRefusals, ({ context, caller, params, query }) =>
  listRefusals(context, caller, params.projectId, query),
);
