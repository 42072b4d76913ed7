import { endpoints } from '@keywright/contract';
import { updateMember } from '../../../members/update-member.ts';
import { route } from '../../route.ts';

export const updateMemberRoute = route(endpoints.updateMember, ({ context, caller, params, body }) =>
  updateMember(context, caller, params, body),
);
