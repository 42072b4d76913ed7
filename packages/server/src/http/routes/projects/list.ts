import { endpoints } from '@keywright/contract';
import { listProjects } from '../../../projects/list-projects.ts';
import { route } from '../../route.ts';

export const listProjectsRoute = route(endpoints.listProjects, ({ context, caller, query }) =>
  listProjects(context, caller, query),
);
