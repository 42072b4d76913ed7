import { done, setUpBody } from '@keywright/contract';
import { setUp } from '../../../accounts/set-up.ts';
import { authRoute } from '../../auth-route.ts';

export const setUpRoute = authRoute(
  { method: 'POST', path: '/setup', body: setUpBody, answer: done },
  async ({ services, visit, body }) => {
    await setUp(services, visit.address, body);
    return { answer: {} };
  },
);
