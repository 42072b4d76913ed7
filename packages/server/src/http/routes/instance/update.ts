import { endpoints } from '@keywright/contract';
import { updateInstance } from '../../../accounts/update-instance.ts';
import { route } from '../../route.ts';

export const updateInstanceRoute = route(endpoints.updateInstance, ({ context, caller, body }) =>
  updateInstance(context, caller, body),
);
