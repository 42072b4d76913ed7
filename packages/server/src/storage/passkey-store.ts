import type { Kysely, Selectable } from 'kysely';
import type { PasskeyStore, StoredPasskey } from '../accounts/passkey-store.ts';
import type { Schema } from './schema.ts';

/** @see PasskeyStore */
export function createPasskeyStore(db: Kysely<Schema>): PasskeyStore {
  const remove = (accountId: string) => db.deleteFrom('auth_passkeys').where('user_id', '=', accountId);

  return {
    async list(accountId) {
      const rows = await db
        .selectFrom('auth_passkeys')
        .selectAll()
        .where('user_id', '=', accountId)
        .orderBy('id')
        .execute();
      return rows.map(fromRow);
    },

    async rename(accountId, id, name) {
      const { numUpdatedRows } = await db
        .updateTable('auth_passkeys')
        .set({ name })
        .where('user_id', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async remove(accountId, id) {
      const row = await remove(accountId).where('id', '=', id).returningAll().executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },

    removeAll: async (accountId) => (await remove(accountId).returningAll().execute()).map(fromRow),
  };
}

function fromRow(row: Selectable<Schema['auth_passkeys']>): StoredPasskey {
  return {
    id: row.id,
    name: row.name ?? '',
    createdAt: row.created_at ?? 0,
    lastUsedAt: row.last_used_at,
  };
}
