import type { Instance, Propagation, UpdateInstanceBody } from '@keywright/contract';
import { type Caller, requireInstance } from '../domain/caller.ts';
import type { Context } from '../domain/context.ts';
import { invalidField } from '../domain/error.ts';
import type { JsonObject, LedgerEntry } from '../ledger/entry.ts';

/**
 * Changes what is given.
 * @throws forbidden, validation_failed for a project that there is not
 */
export async function updateInstance(
  context: Context,
  caller: Caller,
  input: UpdateInstanceBody,
): Promise<{ instance: Instance; propagation: Propagation }> {
  requireInstance(caller);
  const { value, seq } = await context.change(caller, async (stores) => {
    const { signupProjectId } = input;
    if (signupProjectId && (await stores.projects.lock(signupProjectId, 'share')) === null) {
      throw invalidField('signupProjectId', 'names no project that there is');
    }
    const before = await stores.instance.lock('update');
    const after: Instance = { ...before, ...input };
    const detail = changesOf(before, after);
    if (Object.keys(detail).length === 0) return { value: before, entries: [] };
    await stores.instance.update(after);
    const entry: LedgerEntry = {
      action: 'instance.updated',
      projectId: null,
      subject: { type: 'instance', id: 'instance', name: after.name },
      ...split(detail),
    };
    return { value: after, entries: [entry] };
  });
  return { instance: value, propagation: await context.barrier(seq) };
}

const fields = ['name', 'signup', 'signupProjectId', 'supportUrl', 'docsUrl'] as const;

function changesOf(before: Instance, after: Instance): JsonObject {
  const changed = fields.filter((field) => before[field] !== after[field]);
  return Object.fromEntries(changed.map((field) => [field, { before: before[field], after: after[field] }]));
}

/** Free text goes into the private part. */
function split({ name, ...detail }: JsonObject): { detail: JsonObject; privateDetail: JsonObject } {
  return { detail, privateDetail: name === undefined ? {} : { name } };
}
