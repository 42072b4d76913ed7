import type { Role } from '@keywright/contract';
import type { Authority, AuthorityStore } from '../members/authority-store.ts';
import type { Run } from './statement.ts';

interface MembershipRow {
  project_id: string;
  role: Role;
}

const admin = 'SELECT 1 FROM account_admins WHERE account_id = $1';
const memberships = 'SELECT project_id, role FROM memberships WHERE account_id = $1';
const inLiveProjects = `${memberships} AND EXISTS (
  SELECT 1 FROM projects WHERE projects.id = memberships.project_id AND projects.deleted_at IS NULL
)`;

/** @see AuthorityStore */
export function createAuthorityStore(run: Run): AuthorityStore {
  const read = async (accountId: string, ofAdmin: string, ofMember: string): Promise<Authority> => {
    const [admins, rows] = await Promise.all([
      run(ofAdmin, [accountId]),
      run<MembershipRow>(ofMember, [accountId]),
    ]);
    const roles = new Map(rows.map(({ project_id, role }) => [project_id, role]));
    return { isInstanceAdmin: admins.length > 0, roles };
  };
  return {
    find: (accountId) => read(accountId, admin, inLiveProjects),
    lock: (accountId) =>
      read(accountId, `${admin} FOR SHARE`, `${memberships} ORDER BY project_id FOR SHARE`),
  };
}
