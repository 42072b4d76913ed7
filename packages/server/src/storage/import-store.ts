import type { ImportStore, OwnedKey } from '../keys/import-store.ts';
import type { NewSecret, StoredKey } from '../keys/key-store.ts';
import { secretHashBytes, secretHashFrom } from '../keys/secret-format.ts';
import { toKeyRow, toSecretRow } from './key-store.ts';
import { forEachPart, insertRows, places } from './many-rows.ts';
import type { Run } from './statement.ts';

/** @see ImportStore */
export function createImportStore(run: Run): ImportStore {
  return {
    async lockChannels(projectId, ids) {
      const rows = await forEachPart(ids.toSorted(), (part) =>
        run<{ id: string; policy: string }>(
          `SELECT id, policy FROM channels WHERE id IN (${places(part.length)}) AND project_id = $${part.length + 1}
             AND deleted_at IS NULL ORDER BY id FOR SHARE`,
          [...part, projectId],
        ),
      );
      return rows.map(({ id, policy }) => ({ id, policy: JSON.parse(policy) }));
    },

    async holdMembers(projectId, accountIds) {
      const rows = await forEachPart(accountIds.toSorted(), (part) =>
        run<{ account_id: string }>(
          `SELECT account_id FROM memberships WHERE account_id IN (${places(part.length)})
             AND project_id = $${part.length + 1} ORDER BY account_id FOR SHARE`,
          [...part, projectId],
        ),
      );
      return rows.map((row) => row.account_id);
    },

    async lockOwners(projectId, ownerIds) {
      await insertRows(run, {
        table: 'owners',
        list: ownerIds.toSorted(),
        toRow: (ownerId) => ({ project_id: projectId, owner_id: ownerId }),
        ending: 'ON CONFLICT (project_id, owner_id) DO UPDATE SET owner_id = excluded.owner_id',
      });
    },

    async listOwned(projectId, ownerIds) {
      const rows = await forEachPart(ownerIds, (part) =>
        run<{ owner_id: string; channel_id: string | null; name: string; expires_at: number | null }>(
          `SELECT owner_id, channel_id, name, expires_at FROM keys
             WHERE owner_id IN (${places(part.length)}) AND project_id = $${part.length + 1}
               AND status <> 'revoked' AND deleted_at IS NULL`,
          [...part, projectId],
        ),
      );
      return rows.map(
        (row): OwnedKey => ({
          ownerId: row.owner_id,
          channelId: row.channel_id,
          name: row.name,
          expiresAt: row.expires_at,
        }),
      );
    },

    async findKnown(hashes) {
      const rows = await forEachPart(hashes, (part) =>
        run<{ sha256: Buffer }>(
          `SELECT sha256 FROM secrets WHERE sha256 IN (${places(part.length)})
             UNION ALL SELECT sha256 FROM service_key_secrets WHERE sha256 IN (${places(part.length, part.length + 1)})`,
          [...part, ...part].map(secretHashBytes),
        ),
      );
      return rows.map((row) => secretHashFrom(row.sha256));
    },

    async insert(keys) {
      await insertRows(run, { table: 'keys', list: keys, toRow: ({ key }) => ({ ...toKeyRow(key) }) });
      const rows = await insertRows<NewKey, { sha256: Buffer }>(run, {
        table: 'secrets',
        // Two imports of the same hashes wait for each other here; in one order they never do so both ways.
        list: keys.toSorted(byHash),
        toRow: ({ key, secret }) => toSecretRow(key.id, secret),
        ending: 'ON CONFLICT (sha256) DO NOTHING RETURNING sha256',
      });
      const inserted = new Set(rows.map((row) => secretHashFrom(row.sha256)));
      return keys.map(({ secret }) => secret.hash).filter((hash) => !inserted.has(hash));
    },
  };
}

interface NewKey {
  key: StoredKey;
  secret: NewSecret;
}

function byHash(a: NewKey, b: NewKey): number {
  return a.secret.hash < b.secret.hash ? -1 : 1;
}
