import { done } from '@keywright/contract';
import { authRoute } from '../../auth-route.ts';

export const signOutRoute = authRoute(
  { method: 'POST', path: '/sign-out', answer: done },
  async ({ services, visit }) => {
    const { cookies } = await services.identity.signOut(visit);
    return { answer: {}, cookies };
  },
);
