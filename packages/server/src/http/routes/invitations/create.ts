import { endpoints } from '@keywright/contract';
import { sendInvitation } from '../../../members/send-invitation.ts';
import { answerJson, rawRoute } from '../../route.ts';

const endpoint = endpoints.createInvitation;

export const createInvitationRoute = rawRoute(
  endpoint,
  async ({ context, caller, params, body }, _, { accounts: { post } }) =>
    answerJson(endpoint, await sendInvitation({ context, post }, caller, params.projectId, body)),
);
