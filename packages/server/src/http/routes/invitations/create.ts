import { endpoints } from '@keywright/contract';
import { createInvitation } from '../../../members/create-invitation.ts';
import { answerJson, rawRoute } from '../../route.ts';

const endpoint = endpoints.createInvitation;

export const createInvitationRoute = rawRoute(
  endpoint,
  async ({ context, caller, params, body }, _, { publicUrl }) => {
    const { invitation, token } = await createInvitation(context, caller, params.projectId, body);
    // Behind the `#` it is sent to no server, and so stands in no log on the way.
    const link = `${publicUrl()}/invite#token=${token.reveal()}`;
    return answerJson(endpoint, { invitation, link });
  },
);
