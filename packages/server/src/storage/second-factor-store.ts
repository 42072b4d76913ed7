import type { Kysely, Selectable } from 'kysely';
import type { SecondFactorStore, StoredSecondFactor } from '../accounts/second-factor-store.ts';
import type { Engine } from './engine.ts';
import { locked } from './query.ts';
import type { Schema } from './schema.ts';

/** @see SecondFactorStore */
export function createSecondFactorStore(db: Kysely<Schema>, engine: Engine): SecondFactorStore {
  const of = (accountId: string) =>
    db.selectFrom('auth_second_factors').selectAll().where('user_id', '=', accountId);
  const setFlag = (accountId: string, isOn: boolean) =>
    db
      .updateTable('auth_users')
      .set({ two_factor_enabled: isOn ? 1 : 0 })
      .where('id', '=', accountId)
      .execute();

  return {
    find: async (accountId) => fromRow(await of(accountId).executeTakeFirst()),
    lock: async (accountId) => fromRow(await locked(of(accountId), engine, 'update').executeTakeFirst()),

    async begin(accountId, { secret, backupCodes }) {
      const fields = { secret, backup_codes: backupCodes, verified: 0, last_step: null, since: null };
      const unused = { failed_verification_count: 0, locked_until: null };
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('auth_second_factors')
        .values({ id: accountId, user_id: accountId, ...unused, ...fields })
        .onConflict((conflict) =>
          conflict.column('user_id').doUpdateSet(fields).where('auth_second_factors.verified', '=', 0),
        )
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    async turnOn(accountId, { backupCodes, step, at }) {
      await db
        .updateTable('auth_second_factors')
        .set({ backup_codes: backupCodes, verified: 1, last_step: step, since: at })
        .where('user_id', '=', accountId)
        .execute();
      await setFlag(accountId, true);
    },

    async turnOff(accountId) {
      const removed = await db
        .deleteFrom('auth_second_factors')
        .where('user_id', '=', accountId)
        .returning('verified')
        .execute();
      await setFlag(accountId, false);
      return removed.some(({ verified }) => verified === 1);
    },

    async useStep(accountId, step) {
      const { numUpdatedRows } = await db
        .updateTable('auth_second_factors')
        .set({ last_step: step })
        .where('user_id', '=', accountId)
        .where((row) => row.or([row('last_step', 'is', null), row('last_step', '<', step)]))
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async setBackupCodes(accountId, sealed) {
      await db
        .updateTable('auth_second_factors')
        .set({ backup_codes: sealed })
        .where('user_id', '=', accountId)
        .execute();
    },
  };
}

function fromRow(row: Selectable<Schema['auth_second_factors']> | undefined): StoredSecondFactor | null {
  if (row === undefined) return null;
  const { secret, backup_codes, verified, last_step, since } = row;
  return { secret, backupCodes: backup_codes, isOn: verified === 1, lastStep: last_step, since };
}
