import type { Role } from '@keywright/contract';
import type { Stores } from '../domain/context.ts';
import type { LedgerEntry } from '../ledger/entry.ts';

interface Joining {
  projectId: string;
  role: Role;
  now: number;
}

/**
 * Makes an account a member of a project, as a part of a change that holds the project. One that is a member already
 * keeps the role that it has.
 * @returns what the ledger shall say of it
 */
export async function addMember(
  { members }: Stores,
  account: { id: string; name: string | null },
  { projectId, role, now }: Joining,
): Promise<LedgerEntry[]> {
  const member = { accountId: account.id, projectId, role, joinedAt: now };
  if (!(await members.insert(member))) return [];
  const subject = { type: 'account' as const, id: account.id, name: account.name };
  return [{ action: 'member.added', projectId, subject, detail: { role } }];
}
