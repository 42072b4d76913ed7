import { endpoints } from '@keywright/contract';
import { listMembers } from '../../../members/list-members.ts';
import { route } from '../../route.ts';

export const listMembersRoute = route(endpoints.listMembers, ({ context, caller, params, query }) =>
  listMembers(context, caller, params.projectId, query),
);
