import { endpoints } from '@keywright/contract';
import { listInvitations } from '../../../members/list-invitations.ts';
import { route } from '../../route.ts';

export const listInvitationsRoute = route(endpoints.listInvitations, ({ context, caller, params, query }) =>
  listInvitations(context, caller, params.projectId, query),
);
