import { endpoints } from '@keywright/contract';
import { deleteProject } from '../../../projects/delete-project.ts';
import { route } from '../../route.ts';

export const deleteProjectRoute = route(endpoints.deleteProject, async ({ context, caller, params }) => ({
  propagation: await deleteProject(context, caller, params.projectId),
}));
