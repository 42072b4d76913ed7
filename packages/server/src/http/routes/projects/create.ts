import { endpoints } from '@keywright/contract';
import { createProject } from '../../../projects/create-project.ts';
import { route } from '../../route.ts';

export const createProjectRoute = route(endpoints.createProject, ({ context, caller, body }) =>
  createProject(context, caller, body),
);
