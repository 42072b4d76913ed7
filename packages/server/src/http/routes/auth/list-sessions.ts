import { sessionList } from '@keywright/contract';
import { listSessions } from '../../../accounts/sessions.ts';
import { authRoute } from '../../auth-route.ts';

export const listSessionsRoute = authRoute(
  { method: 'GET', path: '/list-sessions', answer: sessionList },
  async ({ services, session }) => ({ answer: { items: await listSessions(services, await session()) } }),
);
