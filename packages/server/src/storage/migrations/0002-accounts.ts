import type { Engine } from '../engine.ts';
import { types } from './types.ts';

export function accounts(engine: Engine): string[] {
  const { text, integer, bytes, strict, clustered } = types[engine];
  return [
    // Deleted keys are in it too: a member reads the ledger of all keys that it has or had.
    'DROP INDEX keys_owner',
    'CREATE INDEX keys_owner ON keys (project_id, owner_id, id) WHERE owner_id IS NOT NULL',
    `CREATE TABLE memberships (
      account_id ${text} NOT NULL,
      project_id ${text} NOT NULL REFERENCES projects (id),
      role ${text} NOT NULL CHECK (role IN ('owner', 'operator', 'member')),
      joined_at ${integer} NOT NULL,
      PRIMARY KEY (account_id, project_id)
    ) ${clustered}`,
    'CREATE INDEX memberships_project ON memberships (project_id, account_id)',
    `CREATE TABLE account_admins (
      account_id ${text} PRIMARY KEY,
      granted_at ${integer} NOT NULL
    ) ${clustered}`,

    // What is accepted, replaced or taken back is gone: the ledger tells of it, and no address lies about.
    `CREATE TABLE invitations (
      id ${text} PRIMARY KEY,
      project_id ${text} NOT NULL REFERENCES projects (id),
      email ${text} NOT NULL,
      role ${text} NOT NULL CHECK (role IN ('owner', 'operator', 'member')),
      sha256 ${bytes} NOT NULL UNIQUE,
      created_at ${integer} NOT NULL,
      created_by ${text} NOT NULL,
      expires_at ${integer} NOT NULL,
      UNIQUE (email, project_id)
    ) ${strict}`,
    'CREATE INDEX invitations_project ON invitations (project_id, id)',
  ];
}
