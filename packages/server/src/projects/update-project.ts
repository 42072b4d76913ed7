import type { Project, Propagation, UpdateProjectBody } from '@keywright/contract';
import { authorize, type Caller } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/error.ts';
import type { Json, JsonObject } from '../ledger/entry.ts';
import { patchPolicy, patchWording, projectSubject, viewProject } from './project-rules.ts';
import type { StoredProject } from './project-store.ts';

/**
 * Changes what is given; policy and wording field by field. Keys that exist stay as they are.
 * @throws not_found, forbidden
 */
export async function updateProject(
  context: Context,
  caller: Caller,
  projectId: string,
  input: UpdateProjectBody,
): Promise<{ project: Project; propagation: Propagation }> {
  authorize(caller, 'project:write', projectId, 'project');
  const { value, seq } = await context.change(caller, async (stores) => {
    const project = await stores.projects.lock(projectId, 'update');
    if (project === null) throw notFound('project');
    const updated: StoredProject = {
      ...project,
      name: input.name ?? project.name,
      preset: input.preset ?? project.preset,
      policy: patchPolicy(project.policy, input.policy),
      wording: patchWording(project.wording, input.wording),
    };
    const detail = changesOf(project, updated);
    if (Object.keys(detail).length > 0) await stores.projects.update(updated);
    const value = await stores.projects.find(projectId);
    if (value === null) throw notFound('project');
    if (Object.keys(detail).length === 0) return { value, entries: [] };
    const entry = { action: 'project.updated' as const, ...projectSubject(updated), ...split(detail) };
    return { value, entries: [entry] };
  });
  return { project: viewProject(value), propagation: await context.barrier(seq) };
}

const fields = ['name', 'preset', 'policy', 'wording'] as const;

function changesOf(before: StoredProject, after: StoredProject): JsonObject {
  const changes: JsonObject = {};
  for (const field of fields) {
    if (JSON.stringify(before[field]) === JSON.stringify(after[field])) continue;
    changes[field] = { before: before[field] as Json, after: after[field] as Json };
  }
  return changes;
}

/** Free text goes into the private part. */
function split({ name, wording, ...detail }: JsonObject): { detail: JsonObject; privateDetail: JsonObject } {
  return {
    detail,
    privateDetail: { ...(name !== undefined && { name }), ...(wording !== undefined && { wording }) },
  };
}
