import { security } from '@keywright/contract';
import { getSecurity } from '../../../accounts/get-security.ts';
import { authRoute } from '../../auth-route.ts';

export const securityRoute = authRoute(
  { method: 'GET', path: '/security', answer: security },
  async ({ services, visit, session }) => ({ answer: await getSecurity(services, visit, await session()) }),
);
