import type { Propagation } from '@keywright/contract';
import { authorize, type Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import { projectSubject } from './project-rules.ts';

/**
 * Deletes a project. Its keys and its service keys all die with it; its ledger stays readable to the instance.
 * @throws not_found, forbidden
 */
export async function deleteProject(
  context: Context,
  caller: Caller,
  projectId: string,
): Promise<Propagation> {
  authorize(caller, 'project:write', projectId, 'project');
  const { seq } = await context.change(caller, async (stores, now) => {
    const project = await stores.projects.lock(projectId, 'update');
    if (project === null) throw notFound('project');
    await stores.projects.delete(projectId, now);
    return { value: null, entries: [{ action: 'project.deleted', ...projectSubject(project) }] };
  });
  return context.barrier(seq);
}
