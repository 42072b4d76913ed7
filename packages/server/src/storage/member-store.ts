import type { MemberStore } from '../members/member-store.ts';
import type { Run } from './statement.ts';

/** @see MemberStore */
export function createMemberStore(run: Run): MemberStore {
  return {
    async hold(projectId, accountId) {
      const rows = await run(
        'SELECT 1 FROM memberships WHERE account_id = $1 AND project_id = $2 FOR SHARE',
        [accountId, projectId],
      );
      return rows.length > 0;
    },
  };
}
