import type { Role } from '@keywright/contract';
import { type Kysely, sql } from 'kysely';
import type { Person, PersonalDataStore } from '../accounts/personal-data-store.ts';
import type { Engine } from './engine.ts';
import { fromInvitationRow } from './invitation-store.ts';
import { fromListRow, selectKeptRows } from './key-store.ts';
import { formerAddress, madeKeys, ownedKeys, rowsAbout } from './person-rows.ts';
import type { Schema } from './schema.ts';

/** @see PersonalDataStore */
export function createPersonalDataStore(db: Kysely<Schema>, engine: Engine): PersonalDataStore {
  return {
    async memberships(accountId) {
      const rows = await db
        .selectFrom('memberships')
        .innerJoin('projects', 'projects.id', 'memberships.project_id')
        .where('account_id', '=', accountId)
        .select(['project_id', 'projects.name', 'role', 'joined_at'])
        .orderBy('project_id')
        .execute();
      return rows.map((row) => ({
        projectId: row.project_id,
        projectName: row.name,
        role: row.role as Role,
        joinedAt: row.joined_at,
      }));
    },

    async invitations(email) {
      const rows = await db
        .selectFrom('invitations')
        .selectAll()
        .where('email', '=', email)
        .orderBy('id')
        .execute();
      return rows.map(fromInvitationRow);
    },

    async keys(accountId, afterId, limit, now) {
      const rows = await selectKeptRows(db, now)
        .where(sql<boolean>`(keys.id in ${ownedKeys(accountId)} or keys.id in ${madeKeys(accountId)})`)
        .where('keys.id', '>', afterId)
        .orderBy('keys.id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...fromListRow(row), deletedAt: row.deleted_at }));
    },

    async origins(accountId) {
      const rows = await db
        .selectFrom('usage_origins')
        .selectAll()
        .where(sql<boolean>`subject_id in ${ownedKeys(accountId)}`)
        .orderBy('subject_id')
        .orderBy('last_at', 'desc')
        .execute();
      return rows.map((row) => ({
        keyId: row.subject_id,
        ip: row.ip === '' ? null : row.ip,
        userAgent: row.user_agent === '' ? null : row.user_agent,
        lastAt: row.last_at,
        count: row.count,
      }));
    },

    async refusals(accountId) {
      const rows = await db
        .selectFrom('refusals')
        .select(['key_id', 'request_id', 'at', 'code', 'ip', 'user_agent', 'method', 'path'])
        .where('key_id', 'is not', null)
        .where(sql<boolean>`key_id in ${ownedKeys(accountId)}`)
        .orderBy('at')
        .execute();
      return rows.map((row) => ({
        keyId: row.key_id ?? '',
        requestId: row.request_id,
        at: row.at,
        code: row.code,
        ip: row.ip,
        userAgent: row.user_agent,
        request: row.method === null || row.path === null ? null : { method: row.method, path: row.path },
      }));
    },

    eraseUse: (accountId) => eraseUse(db, accountId),

    async erase(person, at) {
      const addresses = [person.email, ...(await formerAddresses(db, engine, person.id))];
      // First, since it waits for changes of these keys that are under way: what they tell of them is erased then, too.
      await eraseKeys(db, person.id, at);
      await eraseLedger(db, engine, person);
      await eraseUse(db, person.id);
      await eraseProjects(db, person.id);
      for (const email of addresses) await eraseAnswers(db, engine, { ...person, email });
      await eraseWishes(db, addresses);
      await db.deleteFrom('invitations').where('email', 'in', addresses).execute();
      await db.deleteFrom('memberships').where('account_id', '=', person.id).execute();
      await db.deleteFrom('account_admins').where('account_id', '=', person.id).execute();
      await db
        .deleteFrom('auth_verifications')
        .where((row) =>
          row.or([
            row('identifier', '=', person.email),
            row('value', 'in', [person.id, person.email]),
            // A passkey that was asked for and not made.
            holds(engine, 'value', person.id),
          ]),
        )
        .execute();
      // Its sessions, its password, its second factor and its passkeys go with it.
      await db.deleteFrom('auth_users').where('id', '=', person.id).execute();
    },
  };
}

/** What others wished for that was this person's: its own go with the account. */
async function eraseWishes(db: Kysely<Schema>, addresses: string[]): Promise<void> {
  await db.deleteFrom('pending_emails').where('email', 'in', addresses).execute();
  await db.deleteFrom('account_links').where('email', 'in', addresses).execute();
}

/** The addresses that an account had before, and that nobody else has now. */
async function formerAddresses(db: Kysely<Schema>, engine: Engine, accountId: string): Promise<string[]> {
  const { rows } = await sql<{ email: string }>`
    select distinct ${formerAddress(engine)} as email from ledger join ledger_private using (seq)
    where subject_id = ${accountId} and action = 'account.email_changed'
      and not exists (
        select 1 from auth_users where id <> ${accountId} and email = ${formerAddress(engine)}
      )
  `.execute(db);
  return rows.map(({ email }) => email);
}

async function eraseLedger(db: Kysely<Schema>, engine: Engine, person: Person): Promise<void> {
  const rows = rowsAbout(person, engine);
  await db.deleteFrom('ledger_private').where(sql<boolean>`seq in ${rows}`).execute();
}

/** From where the person's keys were used, also where a project lists it for all of its keys. The counts stay. */
async function eraseUse(db: Kysely<Schema>, accountId: string): Promise<void> {
  const owned = ownedKeys(accountId);
  const places = sql`(
    select keys.project_id, own.ip, own.user_agent from usage_origins as own join keys on keys.id = own.subject_id
    where own.subject_id in ${owned}
  )`;
  await db.deleteFrom('key_last_use').where(sql<boolean>`key_id in ${owned}`).execute();
  await db
    .deleteFrom('usage_origins')
    .where(sql<boolean>`(subject_id, ip, user_agent) in ${places}`)
    .execute();
  await db.deleteFrom('usage_origins').where(sql<boolean>`subject_id in ${owned}`).execute();
  await db.deleteFrom('refusals').where(sql<boolean>`key_id in ${owned}`).execute();
}

/** What a person wrote into its keys. What they may do stays: it tells of no one. */
async function eraseKeys(db: Kysely<Schema>, accountId: string, at: number): Promise<void> {
  const owned = ownedKeys(accountId);
  await db
    .updateTable('keys')
    .set({
      name: erasedName,
      description: null,
      metadata: '{}',
      ip_allow: '[]',
      revoked_reason: sql`case when revoked_reason is null then null else 'owner_erased' end`,
      updated_at: at,
      search_text: [erasedName.toLowerCase(), '', accountId].join('\n'),
    })
    .where(sql<boolean>`id in ${owned}`)
    .execute();
}

const erasedName = 'Erased';

/** The deleted projects in which nobody else was owner: they were called after the person, like as not. */
async function eraseProjects(db: Kysely<Schema>, accountId: string): Promise<void> {
  const alone = sql`(
    select project_id from memberships as own where account_id = ${accountId} and role = 'owner' and not exists (
      select 1 from memberships as other
      where other.project_id = own.project_id and other.role = 'owner' and other.account_id <> ${accountId}
    )
  )`;
  const deleted = sql`(select id from projects where deleted_at is not null and id in ${alone})`;
  const rows = sql`(select seq from ledger where subject_id in ${deleted})`;
  await db.deleteFrom('ledger_private').where(sql<boolean>`seq in ${rows}`).execute();
  await db
    .updateTable('projects')
    .set({ name: erasedName, wording: '{}' })
    .where(sql<boolean>`id in ${deleted}`)
    .execute();
}

/** Answers that are kept for a day, to be given again. */
async function eraseAnswers(db: Kysely<Schema>, engine: Engine, { id, email }: Person): Promise<void> {
  await db
    .deleteFrom('idempotency')
    .where((row) => row.or([holds(engine, 'answer', id), holds(engine, 'answer', email)]))
    .execute();
}

function holds(engine: Engine, column: string, text: string) {
  const found = engine === 'sqlite' ? sql`instr` : sql`strpos`;
  return sql<boolean>`${found}(${sql.ref(column)}, ${text}) > 0`;
}
