import { signedInAnswer, updateProfileBody } from '@keywright/contract';
import { updateProfile } from '../../../accounts/update-profile.ts';
import { authRoute } from '../../auth-route.ts';

export const updateProfileRoute = authRoute(
  { method: 'POST', path: '/update-profile', body: updateProfileBody, answer: signedInAnswer },
  async ({ services, session, body }) => ({
    answer: { account: await updateProfile(services, await session(), body) },
  }),
);
