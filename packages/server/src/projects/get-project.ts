import type { Project } from '@keywright/contract';
import { authorize, type Caller, ownKeys } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { viewProject } from './project-rules.ts';

/** @throws not_found, forbidden */
export async function getProject({ stores }: Context, caller: Caller, projectId: string): Promise<Project> {
  authorize(caller, 'project:read', projectId, 'project');
  const project = await stores.projects.find(projectId, ownKeys(caller));
  if (project === null) throw notFound('project');
  return viewProject(project);
}
