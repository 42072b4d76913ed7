import { endpoints } from '@keywright/contract';
import { removeMember } from '../../../members/remove-member.ts';
import { route } from '../../route.ts';

export const removeMemberRoute = route(
  endpoints.removeMember,
  async ({ context, caller, params, query }) => ({
    propagation: await removeMember(context, caller, { ...params, ...query }),
  }),
);
