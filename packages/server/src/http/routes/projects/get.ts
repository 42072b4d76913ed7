import { endpoints } from '@keywright/contract';
import { getProject } from '../../../projects/get-project.ts';
import { route } from '../../route.ts';

export const getProjectRoute = route(endpoints.getProject, ({ context, caller, params }) =>
  getProject(context, caller, params.projectId),
);
