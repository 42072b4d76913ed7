import { endpoints } from '@keywright/contract';
import { updateProject } from '../../../projects/update-project.ts';
import { route } from '../../route.ts';

export const updateProjectRoute = route(endpoints.updateProject, ({ context, caller, params, body }) =>
  updateProject(context, caller, params.projectId, body),
);
