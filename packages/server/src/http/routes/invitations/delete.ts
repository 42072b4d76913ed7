import { endpoints } from '@keywright/contract';
import { deleteInvitation } from '../../../members/delete-invitation.ts';
import { route } from '../../route.ts';

export const deleteInvitationRoute = route(
  endpoints.deleteInvitation,
  async ({ context, caller, params }) => ({
    propagation: await deleteInvitation(context, caller, params),
  }),
);
