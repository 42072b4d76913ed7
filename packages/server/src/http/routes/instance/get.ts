import { endpoints } from '@keywright/contract';
import { getInstance } from '../../../accounts/get-instance.ts';
import { route } from '../../route.ts';

export const getInstanceRoute = route(endpoints.getInstance, ({ context, caller }) =>
  getInstance(context, caller),
);
