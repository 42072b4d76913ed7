import type { Project, Propagation, UpdateProjectBody } from '@keywright/contract';
import { authorize, type Caller } from '../domain/caller.ts';
import type { Context, Stores } from '../domain/context.ts';
import { invalidField, notFound } from '../domain/error.ts';
import { checkPolicy, policyFor } from '../keys/policy-rules.ts';
import type { Json, JsonObject } from '../ledger/entry.ts';
import { patchPolicy, patchWording, projectSubject, viewProject } from './project-rules.ts';
import type { StoredProject } from './project-store.ts';

/**
 * Changes what is given; policy and wording field by field. Keys that exist stay as they are.
 * @throws not_found, forbidden, validation_failed (policy)
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
    if (input.policy !== undefined) await checkPolicies(stores, updated);
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

/**
 * The policy must hold by itself, and with what each channel has of its own.
 * @throws validation_failed
 */
async function checkPolicies(stores: Stores, project: StoredProject): Promise<void> {
  checkPolicy(project.policy);
  const whole = { from: null, direction: 'next', limit: Number.MAX_SAFE_INTEGER } as const;
  for (const channel of await stores.channels.list(project.id, whole)) {
    const { expiry, maxLifetimeDays } = policyFor(project, channel);
    if (expiry !== 'hidden' || maxLifetimeDays === null) continue;
    const field = channel.policy.expiry === 'hidden' ? 'maxLifetimeDays' : 'expiry';
    const rule =
      field === 'expiry'
        ? `must not be hidden: keys of the channel ${channel.slug} live at most ${maxLifetimeDays} days`
        : `must be null: keys of the channel ${channel.slug} have no expiry`;
    throw invalidField(`policy.${field}`, rule);
  }
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
