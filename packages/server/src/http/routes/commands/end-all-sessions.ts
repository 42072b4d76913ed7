import { commandEndpoints } from '@keywright/contract';
import { endAllSessions } from '../../../accounts/end-all-sessions.ts';
import { route } from '../../route.ts';

export const endAllSessionsRoute = route(commandEndpoints.endAllSessions, async ({ context, caller }) => {
  await endAllSessions(context, caller);
  return {};
});
