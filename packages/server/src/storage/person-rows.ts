import { sql } from 'kysely';
import type { Person } from '../accounts/personal-data-store.ts';
import type { Engine } from './engine.ts';

/** The ids of the keys that an account owns, deleted ones among them, by the index that is made for it. */
export function ownedKeys(accountId: string) {
  return sql<string>`(
    select id from keys where owner_id = ${accountId} and owner_id >= 'acc_' and owner_id < 'acc~'
  )`;
}

/** The ids of the keys that an account made. */
export function madeKeys(accountId: string) {
  return sql<string>`(
    select subject_id from ledger where actor_type = 'account' and actor_id = ${accountId} and subject_type = 'key'
      and action in ('key.created', 'key.imported')
  )`;
}

/** In the private part of a row that tells of a change of address: the one before. */
export function formerAddress(engine: Engine, table = 'ledger_private') {
  const json = sql.ref(`${table}.json`);
  return engine === 'sqlite'
    ? sql<string>`json_extract(${json}, '$.detail.email.before')`
    : sql<string>`(${json}::json #>> '{detail,email,before}')`;
}

/**
 * The numbers of the ledger's rows by a person, about it, about its keys, and about invitations for its address: the one
 * that it has, and those that it had, as long as it had them.
 */
export function rowsAbout({ id, email }: Person, engine: Engine) {
  const invited =
    engine === 'sqlite'
      ? sql`json_extract(ledger_private.json, '$.subject')`
      : sql`(ledger_private.json::json ->> 'subject')`;
  return sql<number>`(
    select seq from ledger where actor_type = 'account' and actor_id = ${id}
    union select seq from ledger where subject_id = ${id}
    union select seq from ledger where subject_id in ${ownedKeys(id)}
    union select ledger.seq from ledger join ledger_private on ledger_private.seq = ledger.seq
      where subject_id >= 'inv_' and subject_id < 'inv~' and (${invited} = ${email} or exists (
        select 1 from ledger as changed join ledger_private as hidden on hidden.seq = changed.seq
        where changed.subject_id = ${id} and changed.action = 'account.email_changed' and changed.seq > ledger.seq
          and ${formerAddress(engine, 'hidden')} = ${invited}
      ))
  )`;
}
