import type { Kysely } from 'kysely';
import { secretHashBytes } from '../keys/secret-format.ts';
import type { InvitationStore, StoredInvitation } from '../members/invitation-store.ts';
import { countUpTo, newestFirst } from './query.ts';
import type { Schema } from './schema.ts';
import type { Run } from './statement.ts';

/** @see InvitationStore */
export function createInvitationStore(db: Kysely<Schema>, run: Run): InvitationStore {
  const live = () =>
    db
      .selectFrom('invitations')
      .innerJoin('projects', 'projects.id', 'invitations.project_id')
      .where('projects.deleted_at', 'is', null);
  const ofProject = (projectId: string) => live().where('invitations.project_id', '=', projectId);

  return {
    async insert({ id, projectId, email, role, createdAt, createdBy, expiresAt }, token) {
      const row = {
        id,
        project_id: projectId,
        email,
        role,
        sha256: secretHashBytes(token),
        created_at: createdAt,
        created_by: createdBy,
        expires_at: expiresAt,
      };
      await db.insertInto('invitations').values(row).execute();
    },

    async findByToken(token) {
      const bytes = secretHashBytes(token);
      const row = await live().selectAll('invitations').where('sha256', '=', bytes).executeTakeFirst();
      return row === undefined ? null : fromInvitationRow(row);
    },

    async lock(id) {
      const [row] = await run<InvitationRow>('SELECT * FROM invitations WHERE id = $1 FOR UPDATE', [id]);
      return row === undefined ? null : fromInvitationRow(row);
    },

    async delete(id) {
      await db.deleteFrom('invitations').where('id', '=', id).execute();
    },

    async deleteFor(projectId, email) {
      const rows = await run<InvitationRow>(
        'DELETE FROM invitations WHERE project_id = $1 AND email = $2 RETURNING *',
        [projectId, email],
      );
      return rows.map(fromInvitationRow);
    },

    async deleteBy(projectId, accountId) {
      const rows = await run<InvitationRow>(
        'DELETE FROM invitations WHERE project_id = $1 AND created_by = $2 RETURNING *',
        [projectId, accountId],
      );
      return rows.map(fromInvitationRow).sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    async list(projectId, slice) {
      const query = ofProject(projectId).selectAll('invitations');
      return (await newestFirst(query, 'invitations.id', slice.from?.id ?? null, slice).execute()).map(
        fromInvitationRow,
      );
    },

    count: (projectId, max) => countUpTo(db, ofProject(projectId), max),
  };
}

type InvitationRow = Schema['invitations'];

export function fromInvitationRow(row: InvitationRow): StoredInvitation {
  return {
    id: row.id,
    projectId: row.project_id,
    email: row.email,
    role: row.role as StoredInvitation['role'],
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
  };
}
