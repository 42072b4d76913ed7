import { endpoints } from '@keywright/contract';
import { createAccountLink } from '../../../accounts/create-account-link.ts';
import { answerJson, rawRoute } from '../../route.ts';

const endpoint = endpoints.createAccountLink;

export const createAccountLinkRoute = rawRoute(
  endpoint,
  async ({ context, caller, params, body }, _, { accounts: { post } }) => {
    const link = { accountId: params.accountId, purpose: body.purpose };
    return answerJson(endpoint, await createAccountLink({ context, post }, caller, link));
  },
);
