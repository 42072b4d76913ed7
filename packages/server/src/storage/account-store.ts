import { type Kysely, type Selectable, sql } from 'kysely';
import type {
  AccountFilter,
  AccountRow,
  AccountStore,
  StoredAccount,
  StoredSession,
} from '../accounts/account-store.ts';
import type { Engine } from './engine.ts';
import { countUpTo, locked, newestFirst } from './query.ts';
import type { Schema } from './schema.ts';
import type { Run } from './statement.ts';

/** What better-auth calls the credential that is a password. */
const passwordProvider = 'credential';

/** @see AccountStore */
export function createAccountStore(db: Kysely<Schema>, engine: Engine, run: Run): AccountStore {
  const passwordOf = (accountId: string) =>
    db
      .selectFrom('auth_credentials')
      .select('password')
      .where('user_id', '=', accountId)
      .where('provider_id', '=', passwordProvider);
  const sessionsOf = (accountId: string) => db.deleteFrom('auth_sessions').where('user_id', '=', accountId);
  const matching = ({ search }: AccountFilter) => {
    const all = db.selectFrom('auth_users');
    return search === undefined ? all : all.where(contains(sql`name || ' ' || email`, search));
  };
  const rows = (filter: AccountFilter) => matching(filter).selectAll('auth_users').select(besides);

  return {
    async insert({ id, email, name, createdAt }, passwordHash) {
      const times = { created_at: createdAt, updated_at: createdAt };
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('auth_users')
        .values({ id, email, name, email_verified: 0, image: null, ...times })
        .onConflict((conflict) => conflict.column('email').doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) return false;
      await db
        .insertInto('auth_credentials')
        .values({ ...emptyCredential, id, user_id: id, account_id: id, password: passwordHash, ...times })
        .execute();
      return true;
    },

    async find(id) {
      const row = await db.selectFrom('auth_users').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },

    async hold(id) {
      const [row] = await run<UserRow>('SELECT * FROM auth_users WHERE id = $1 FOR KEY SHARE', [id]);
      return row === undefined ? null : fromRow(row);
    },

    async findByEmail(email) {
      const row = await db.selectFrom('auth_users').selectAll().where('email', '=', email).executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },

    findPasswordHash: async (id) => (await passwordOf(id).executeTakeFirst())?.password ?? null,
    lockPasswordHash: async (id) =>
      (await locked(passwordOf(id), engine, 'update').executeTakeFirst())?.password ?? null,

    async setPasswordHash(id, passwordHash, at) {
      await db
        .updateTable('auth_credentials')
        .set({ password: passwordHash, updated_at: at })
        .where('user_id', '=', id)
        .where('provider_id', '=', passwordProvider)
        .execute();
    },

    async setEmail(id, email, at) {
      await db.updateTable('auth_users').set({ email, updated_at: at }).where('id', '=', id).execute();
    },

    async setName(id, name, at) {
      await db.updateTable('auth_users').set({ name, updated_at: at }).where('id', '=', id).execute();
    },

    async listSessions(accountId, now) {
      const rows = await db
        .selectFrom('auth_sessions')
        .selectAll()
        .where('user_id', '=', accountId)
        .where('expires_at', '>', now)
        .orderBy('id', 'desc')
        .limit(maxListedSessions)
        .execute();
      return rows.map(fromSessionRow);
    },

    async endSession(accountId, sessionId) {
      const { numDeletedRows } = await sessionsOf(accountId).where('id', '=', sessionId).executeTakeFirst();
      return numDeletedRows === 1n;
    },

    async endSessions(accountId, except) {
      const sessions = sessionsOf(accountId);
      await (except === null ? sessions : sessions.where('id', '!=', except)).execute();
      await db.deleteFrom('auth_verifications').where('value', '=', accountId).execute();
    },

    async endAllSessions() {
      await db.deleteFrom('auth_sessions').execute();
      await db.deleteFrom('auth_verifications').execute();
    },

    async prolongSession(sessionId, expiresAt) {
      await db
        .updateTable('auth_sessions')
        .set({ expires_at: expiresAt })
        .where('id', '=', sessionId)
        .where('expires_at', '<', expiresAt)
        .execute();
    },

    async markAuthenticated(sessionId, at) {
      await db
        .updateTable('auth_sessions')
        .set({ authenticated_at: at })
        .where('id', '=', sessionId)
        .execute();
    },

    async hasAdmin() {
      const row = await db.selectFrom('account_admins').select('account_id').limit(1).executeTakeFirst();
      return row !== undefined;
    },

    async grantAdmin(id, at) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('account_admins')
        .values({ account_id: id, granted_at: at })
        .onConflict((conflict) => conflict.column('account_id').doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    async revokeAdmin(id) {
      const { numDeletedRows } = await db
        .deleteFrom('account_admins')
        .where('account_id', '=', id)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },

    async findRow(id) {
      const row = await rows({}).where('auth_users.id', '=', id).executeTakeFirst();
      return row === undefined ? null : fromListRow(row);
    },

    async list(filter, slice) {
      const from = slice.from?.id ?? null;
      return (await newestFirst(rows(filter), 'auth_users.id', from, slice).execute()).map(fromListRow);
    },

    count: (filter, max) => countUpTo(db, matching(filter), max),
  };
}

const maxListedSessions = 100;

const emptyCredential = {
  provider_id: passwordProvider,
  access_token: null,
  refresh_token: null,
  id_token: null,
  access_token_expires_at: null,
  refresh_token_expires_at: null,
  scope: null,
};

/** Letters of ASCII are compared in lower case, on both engines. */
function contains(text: ReturnType<typeof sql>, search: string) {
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`lower(${text}) like lower(${pattern}) escape '\\'`;
}

const besides = [
  sql<number>`(select count(*) from account_admins where account_id = auth_users.id)`.as('admin'),
  sql<number>`(
    select count(*) from memberships join projects on projects.id = memberships.project_id
    where memberships.account_id = auth_users.id and projects.deleted_at is null
  )`.as('project_count'),
  sql<string | null>`(select email from pending_emails where account_id = auth_users.id)`.as('pending_email'),
] as const;

type ListRow = UserRow & { admin: number; project_count: number; pending_email: string | null };

function fromListRow(row: ListRow): AccountRow {
  return {
    ...fromRow(row),
    pendingEmail: row.pending_email,
    isInstanceAdmin: Number(row.admin) > 0,
    projectCount: Number(row.project_count),
  };
}

type UserRow = Selectable<Schema['auth_users']>;

function fromRow(row: Selectable<Schema['auth_users']>): StoredAccount {
  return { id: row.id, email: row.email, name: row.name, createdAt: row.created_at };
}

function fromSessionRow(row: Selectable<Schema['auth_sessions']>): StoredSession {
  return {
    id: row.id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
  };
}
