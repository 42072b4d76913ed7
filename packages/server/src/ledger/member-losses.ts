import type { LedgerRow } from '@keywright/contract';
import type { Loss } from './losses.ts';

const ranks = ['member', 'operator', 'owner'];

/**
 * What became of a member, all in all: who left and came back is no loss, unless with a lesser role.
 * @param rows what happened to one account in one project, in order
 */
export function findMemberLoss(rows: readonly LedgerRow[]): Loss[] {
  const [first, last] = [rows.at(0), rows.at(-1)];
  // Not in the copy at all.
  if (first === undefined || last === undefined || first.action === 'member.added') return [];
  const [before, after] = [roleBefore(first), roleAfter(last)];
  const accountId = last.subject.id;
  const params = { projectId: last.projectId ?? '', accountId };
  if (after === null) {
    const { transferTo } = last.detail;
    const query = typeof transferTo === 'string' ? { transferTo } : {};
    return [{ row: last, what: 'removed', steps: [{ name: 'removeMember', params, query }], rest: null }];
  }
  if (ranks.indexOf(after) >= ranks.indexOf(before)) return [];
  const steps: Loss['steps'] = [{ name: 'updateMember', params, body: { role: after } }];
  return [{ row: last, what: `made ${after}`, steps, rest: null }];
}

function roleBefore({ action, detail }: LedgerRow): string {
  return action === 'member.updated' ? roleOf(detail.role, 'before') : String(detail.role);
}

/** Null: a member no longer. */
function roleAfter({ action, detail }: LedgerRow): string | null {
  if (action === 'member.removed') return null;
  return action === 'member.updated' ? roleOf(detail.role, 'after') : String(detail.role);
}

function roleOf(change: unknown, side: 'before' | 'after'): string {
  return String((change as Partial<Record<typeof side, unknown>> | undefined)?.[side]);
}
