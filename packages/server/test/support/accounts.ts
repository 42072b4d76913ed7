import type { Role } from '@keywright/contract';
import type { AccountCaller } from '../../src/domain/caller.ts';
import { newId } from '../../src/domain/id.ts';
import type { Place } from './engines.ts';

/** Puts an account into a project, past the use cases, and answers it as a caller that has signed in. */
export async function insertMember(place: Place, projectId: string, role: Role): Promise<AccountCaller> {
  const id = newId('account', Date.now());
  await place.query(
    `INSERT INTO memberships (account_id, project_id, role, joined_at) VALUES ('${id}', '${projectId}', '${role}', 1)`,
  );
  return {
    type: 'account',
    id,
    name: `A ${role}`,
    isInstanceAdmin: false,
    roles: new Map([[projectId, role]]),
    authenticatedAt: Date.now(),
  };
}
