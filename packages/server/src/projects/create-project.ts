import { type CreateProjectBody, type Project, presetPolicies } from '@keywright/contract';
import { type Caller, requireInstance } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { newId } from '../domain/id.ts';
import { checkPolicy } from '../keys/policy-rules.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { addMember } from '../members/add-member.ts';
import { patchPolicy, patchWording, projectSubject, viewProject } from './project-rules.ts';
import type { StoredProject } from './project-store.ts';

/**
 * Makes a project. The preset sets its policy, then `policy` changes parts of it. An account that makes it owns it.
 * @throws forbidden for callers that are not for the whole instance, validation_failed (policy)
 */
export async function createProject(
  context: Context,
  caller: Caller,
  input: CreateProjectBody,
): Promise<Project> {
  requireInstance(caller);
  const { value } = await context.change(caller, async (stores, now) => {
    const { project, entry } = draftProject(input, now);
    await stores.projects.insert(project);
    // Whoever makes a project by hand wants keys of its own in it.
    const owner =
      caller.type === 'account'
        ? await addMember(stores, caller, { projectId: project.id, role: 'owner', now })
        : [];
    return { value: project, entries: [entry, ...owner] };
  });
  return viewProject({ ...value, keyCount: 0 });
}

/** A project that is to be inserted, and what the ledger is to say of it. */
export function draftProject(
  input: CreateProjectBody,
  now: number,
): { project: StoredProject; entry: LedgerEntry } {
  const project: StoredProject = {
    id: newId('project', now),
    name: input.name,
    preset: input.preset,
    policy: patchPolicy(presetPolicies[input.preset], input.policy),
    wording: patchWording({}, input.wording),
    createdAt: now,
  };
  if (input.policy !== undefined) checkPolicy(project.policy);
  const detail = { preset: project.preset, policy: project.policy };
  return { project, entry: { action: 'project.created', ...projectSubject(project), detail } };
}
