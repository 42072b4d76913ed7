import type { Role } from '@keywright/contract';
import type { Authority, AuthorityStore } from '../members/authority-store.ts';
import type { Run } from './statement.ts';

interface MembershipRow {
  project_id: string;
  role: Role;
}

const ofAccount = `SELECT project_id, role FROM memberships WHERE account_id = $1 AND EXISTS (
  SELECT 1 FROM projects WHERE projects.id = memberships.project_id AND projects.deleted_at IS NULL
) ORDER BY project_id`;
const admin = 'SELECT 1 FROM account_admins WHERE account_id = $1';

/** @see AuthorityStore */
export function createAuthorityStore(run: Run): AuthorityStore {
  const read = async (accountId: string, lock: '' | ' FOR SHARE'): Promise<Authority> => {
    const [admins, memberships] = await Promise.all([
      run(admin + lock, [accountId]),
      run<MembershipRow>(ofAccount + lock, [accountId]),
    ]);
    const roles = new Map(memberships.map(({ project_id, role }) => [project_id, role]));
    return { isInstanceAdmin: admins.length > 0, roles };
  };
  return {
    find: (accountId) => read(accountId, ''),
    lock: (accountId) => read(accountId, ' FOR SHARE'),
  };
}
