import { endpoints } from '@keywright/contract';
import { joinByInvitation } from '../../../members/join-by-invitation.ts';
import { route } from '../../route.ts';

export const acceptInvitationRoute = route(endpoints.acceptInvitation, ({ context, caller, body }) =>
  joinByInvitation(context, caller, body.token),
);
