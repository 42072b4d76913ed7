import type { LinkPurpose } from '@keywright/contract';
import type { LinkStore, StoredLink } from '../accounts/link-store.ts';
import { secretHashBytes } from '../keys/secret-format.ts';
import type { AccountLinkTable, Schema } from './schema.ts';
import type { Run } from './statement.ts';

/** @see LinkStore */
export function createLinkStore(run: Run): LinkStore {
  const byToken = 'SELECT * FROM account_links WHERE sha256 = $1 AND purpose = $2';
  const deleteLink = async (accountId: string, purpose: LinkPurpose) => {
    await run('DELETE FROM account_links WHERE account_id = $1 AND purpose = $2', [accountId, purpose]);
  };
  const deleteWish = async (accountId: string) => {
    await run('DELETE FROM pending_emails WHERE account_id = $1', [accountId]);
  };

  return {
    async put({ accountId, purpose, email, createdAt, expiresAt }, token) {
      await run(
        `INSERT INTO account_links (account_id, purpose, sha256, email, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (account_id, purpose) DO UPDATE SET sha256 = excluded.sha256, email = excluded.email,
           created_at = excluded.created_at, expires_at = excluded.expires_at`,
        [accountId, purpose, secretHashBytes(token), email, createdAt, expiresAt],
      );
    },

    async find(purpose, token) {
      const [row] = await run<AccountLinkTable>(byToken, [secretHashBytes(token), purpose]);
      return row === undefined ? null : fromRow(row);
    },

    async lock(purpose, token) {
      const [row] = await run<AccountLinkTable>(`${byToken} FOR UPDATE`, [secretHashBytes(token), purpose]);
      return row === undefined ? null : fromRow(row);
    },

    async list(accountId) {
      const rows = await run<AccountLinkTable>(
        'SELECT * FROM account_links WHERE account_id = $1 ORDER BY purpose',
        [accountId],
      );
      return rows.map(fromRow);
    },

    delete: deleteLink,

    async deleteAll(accountId) {
      await run('DELETE FROM account_links WHERE account_id = $1', [accountId]);
      await deleteWish(accountId);
    },

    async deleteOfAll() {
      await run('DELETE FROM account_links', []);
    },

    async setPendingEmail(accountId, email, at) {
      await run(
        `INSERT INTO pending_emails (account_id, email, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id) DO UPDATE SET email = excluded.email, created_at = excluded.created_at`,
        [accountId, email, at],
      );
    },

    async findPendingEmail(accountId) {
      const [row] = await run<Schema['pending_emails']>(
        'SELECT * FROM pending_emails WHERE account_id = $1',
        [accountId],
      );
      return row?.email ?? null;
    },

    async deletePendingEmail(accountId) {
      await deleteLink(accountId, 'confirm_email');
      await deleteWish(accountId);
    },

    async forget({ now, pendingSince }, limit) {
      const links = await run(
        `DELETE FROM account_links WHERE sha256 IN
           (SELECT sha256 FROM account_links WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
         RETURNING purpose`,
        [now, limit],
      );
      const wishes = await run(
        `DELETE FROM pending_emails WHERE account_id IN
           (SELECT account_id FROM pending_emails WHERE created_at < $1 ORDER BY created_at LIMIT $2)
         RETURNING account_id`,
        [pendingSince, limit],
      );
      return Math.max(links.length, wishes.length);
    },
  };
}

function fromRow(row: AccountLinkTable): StoredLink {
  return {
    accountId: row.account_id,
    purpose: row.purpose as StoredLink['purpose'],
    email: row.email,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
