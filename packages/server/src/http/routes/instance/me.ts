import { endpoints } from '@keywright/contract';
import { getMe } from '../../../accounts/get-me.ts';
import { answerJson, rawRoute } from '../../route.ts';

export const getMeRoute = rawRoute(endpoints.getMe, async ({ context, caller }, _, { gateways }) =>
  answerJson(endpoints.getMe, await getMe(context, caller, gateways())),
);
