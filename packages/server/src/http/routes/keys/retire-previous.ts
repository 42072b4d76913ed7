import { endpoints } from '@keywright/contract';
import { retirePreviousSecret } from '../../../keys/retire-previous-secret.ts';
import { route } from '../../route.ts';

export const retirePreviousSecretRoute = route(
  endpoints.retirePreviousSecret,
  ({ context, caller, params }) => retirePreviousSecret(context, caller, params.keyId),
);
