import { endpoints } from '@keywright/contract';
import { identifyKey } from '../../../keys/identify-key.ts';
import { route } from '../../route.ts';

export const identifyKeyRoute = route(endpoints.identifyKey, ({ context, caller, body }) =>
  identifyKey(context, caller, body.sha256),
);
