import { publicInstance } from '@keywright/contract';
import { getPublicInstance } from '../../../accounts/get-instance.ts';
import { authRoute } from '../../auth-route.ts';

export const publicInstanceRoute = authRoute(
  { method: 'GET', path: '/instance', answer: publicInstance },
  async ({ services }) => ({ answer: await getPublicInstance(services) }),
);
