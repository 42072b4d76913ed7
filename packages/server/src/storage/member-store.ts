import { type Kysely, sql } from 'kysely';
import type { MemberFilter, MemberRow, MemberStore, StoredMember } from '../members/member-store.ts';
import type { Engine } from './engine.ts';
import { countUpTo, newestFirst } from './query.ts';
import type { Schema } from './schema.ts';
import type { Run } from './statement.ts';

/** @see MemberStore */
export function createMemberStore(db: Kysely<Schema>, engine: Engine, run: Run): MemberStore {
  const named = () =>
    db.selectFrom('memberships').innerJoin('auth_users', 'auth_users.id', 'memberships.account_id');
  const matching = ({ projectId, visibleTo }: MemberFilter) => {
    const query = named().where('project_id', '=', projectId);
    if (visibleTo === undefined) return query;
    return query.where(sql<boolean>`(role <> 'member' or account_id = ${visibleTo})`);
  };

  return {
    async insert({ accountId, projectId, role, joinedAt }) {
      const rows = await run(
        `INSERT INTO memberships (account_id, project_id, role, joined_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING RETURNING 1`,
        [accountId, projectId, role, joinedAt],
      );
      return rows.length > 0;
    },

    async hold(projectId, accountId) {
      const rows = await run(
        'SELECT 1 FROM memberships WHERE account_id = $1 AND project_id = $2 FOR SHARE',
        [accountId, projectId],
      );
      return rows.length > 0;
    },

    async lockAll() {
      // SQLite has one writer.
      if (engine === 'postgres') await run('SELECT pg_advisory_xact_lock($1, $2)', membershipLock);
    },

    async lock(projectId, accountId) {
      const [row] = await run<MembershipRow>(
        'SELECT * FROM memberships WHERE account_id = $1 AND project_id = $2 FOR UPDATE',
        [accountId, projectId],
      );
      return row === undefined ? null : fromRow(row);
    },

    async lockOfAccount(accountId) {
      const rows = await run<MembershipRow>(
        'SELECT * FROM memberships WHERE account_id = $1 ORDER BY project_id FOR UPDATE',
        [accountId],
      );
      return rows.map(fromRow);
    },

    async setRole(projectId, accountId, role) {
      await run('UPDATE memberships SET role = $1 WHERE account_id = $2 AND project_id = $3', [
        role,
        accountId,
        projectId,
      ]);
    },

    async delete(projectId, accountId) {
      await run('DELETE FROM memberships WHERE account_id = $1 AND project_id = $2', [accountId, projectId]);
    },

    async countOwners(projectId) {
      const [row] = await run<{ count: number }>(
        `SELECT count(*) AS count FROM memberships WHERE project_id = $1 AND role = 'owner'`,
        [projectId],
      );
      return row?.count ?? 0;
    },

    async hasEmail(projectId, email) {
      const query = named().where('project_id', '=', projectId).where('email', '=', email);
      return (await query.select('account_id').executeTakeFirst()) !== undefined;
    },

    async find(projectId, accountId) {
      const query = matching({ projectId }).where('account_id', '=', accountId);
      const row = await query.select(columns).executeTakeFirst();
      return row === undefined ? null : fromNamedRow(row);
    },

    async list(filter, slice) {
      const query = matching(filter).select(columns);
      const from = slice.from?.id ?? null;
      return (await newestFirst(query, 'account_id', from, slice).execute()).map(fromNamedRow);
    },

    count: (filter, max) => countUpTo(db, matching(filter), max),
  };
}

/** "keywright" and "members" in two numbers, which PostgreSQL keeps apart from the locks of one number. */
const membershipLock = [0x6b77_7274, 0x6d62_7273] as const;

type MembershipRow = Schema['memberships'];

const columns = [
  'account_id',
  'project_id',
  'role',
  'joined_at',
  'auth_users.name',
  'auth_users.email',
  sql<number>`(
    select count(*) from keys
    where keys.project_id = memberships.project_id and keys.owner_id = memberships.account_id
      and keys.deleted_at is null
  )`.as('key_count'),
] as const;

type NamedRow = MembershipRow & { name: string; email: string; key_count: number };

function fromNamedRow(row: NamedRow): MemberRow {
  return { ...fromRow(row), name: row.name, email: row.email, keyCount: Number(row.key_count) };
}

function fromRow(row: MembershipRow): StoredMember {
  return {
    accountId: row.account_id,
    projectId: row.project_id,
    role: row.role as StoredMember['role'],
    joinedAt: row.joined_at,
  };
}
