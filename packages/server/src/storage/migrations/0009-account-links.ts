import type { Engine } from '../engine.ts';
import { types } from './types.ts';

export function accountLinks(engine: Engine): string[] {
  const { text, integer, bytes, strict } = types[engine];
  return [
    // What was used, replaced or has expired is gone. A new link takes the place of the former one.
    `CREATE TABLE account_links (
      account_id ${text} NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
      purpose ${text} NOT NULL CHECK (purpose IN ('reset_password', 'confirm_email')),
      sha256 ${bytes} NOT NULL UNIQUE,
      email ${text},
      created_at ${integer} NOT NULL,
      expires_at ${integer} NOT NULL,
      PRIMARY KEY (account_id, purpose)
    ) ${strict}`,
    'CREATE INDEX account_links_expiry ON account_links (expires_at)',
    // Several may wish for the same address: only who confirms it gets it.
    `CREATE TABLE pending_emails (
      account_id ${text} PRIMARY KEY REFERENCES auth_users (id) ON DELETE CASCADE,
      email ${text} NOT NULL,
      created_at ${integer} NOT NULL
    ) ${strict}`,
    'CREATE INDEX pending_emails_age ON pending_emails (created_at)',
  ];
}
