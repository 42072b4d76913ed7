import { type CreateProjectBody, type Project, presetPolicies } from '@keywright/contract';
import { type Caller, requireInstance } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { newId } from '../domain/id.ts';
import { patchPolicy, patchWording, projectSubject, viewProject } from './project-rules.ts';
import type { StoredProject } from './project-store.ts';

/**
 * Makes a project. The preset sets its policy, then `policy` changes parts of it.
 * @throws forbidden for callers that are not for the whole instance
 */
export async function createProject(
  context: Context,
  caller: Caller,
  input: CreateProjectBody,
): Promise<Project> {
  requireInstance(caller);
  const { value } = await context.change(caller, async (stores, now) => {
    const project: StoredProject = {
      id: newId('project', now),
      name: input.name,
      preset: input.preset,
      policy: patchPolicy(presetPolicies[input.preset], input.policy),
      wording: patchWording({}, input.wording),
      createdAt: now,
    };
    await stores.projects.insert(project);
    const detail = { preset: project.preset, policy: project.policy };
    return { value: project, entries: [{ action: 'project.created', ...projectSubject(project), detail }] };
  });
  return viewProject({ ...value, keyCount: 0 });
}
