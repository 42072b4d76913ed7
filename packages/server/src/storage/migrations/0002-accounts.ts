import type { Engine } from '../engine.ts';
import { types } from './types.ts';

export function accounts(engine: Engine): string[] {
  const { text, integer, bytes, strict, clustered } = types[engine];
  return [
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

    // The four tables of better-auth, with its fields under our names: what it calls a user is an account, and what it
    // calls an account is a credential of one.
    `CREATE TABLE auth_users (
      id ${text} PRIMARY KEY,
      name ${text} NOT NULL,
      email ${text} NOT NULL UNIQUE,
      email_verified ${integer} NOT NULL,
      image ${text},
      created_at ${integer} NOT NULL,
      updated_at ${integer} NOT NULL
    ) ${strict}`,
    `CREATE TABLE auth_sessions (
      id ${text} PRIMARY KEY,
      user_id ${text} NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
      token_sha256 ${bytes} NOT NULL UNIQUE,
      created_at ${integer} NOT NULL,
      updated_at ${integer} NOT NULL,
      expires_at ${integer} NOT NULL,
      authenticated_at ${integer} NOT NULL,
      ip_address ${text},
      user_agent ${text}
    ) ${strict}`,
    'CREATE INDEX auth_sessions_user ON auth_sessions (user_id, id)',
    'CREATE INDEX auth_sessions_expiry ON auth_sessions (expires_at)',
    `CREATE TABLE auth_credentials (
      id ${text} PRIMARY KEY,
      user_id ${text} NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
      provider_id ${text} NOT NULL,
      account_id ${text} NOT NULL,
      password ${text},
      access_token ${text},
      refresh_token ${text},
      id_token ${text},
      access_token_expires_at ${integer},
      refresh_token_expires_at ${integer},
      scope ${text},
      created_at ${integer} NOT NULL,
      updated_at ${integer} NOT NULL,
      UNIQUE (provider_id, account_id)
    ) ${strict}`,
    'CREATE INDEX auth_credentials_user ON auth_credentials (user_id)',
    `CREATE TABLE auth_verifications (
      id ${text} PRIMARY KEY,
      identifier ${text} NOT NULL,
      value ${text} NOT NULL,
      expires_at ${integer} NOT NULL,
      created_at ${integer} NOT NULL,
      updated_at ${integer} NOT NULL
    ) ${strict}`,
    'CREATE INDEX auth_verifications_identifier ON auth_verifications (identifier)',

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

    `CREATE TABLE instance (
      id ${integer} PRIMARY KEY CHECK (id = 1),
      name ${text} NOT NULL,
      signup ${text} NOT NULL CHECK (signup IN ('open', 'invite', 'closed')),
      signup_project_id ${text} REFERENCES projects (id),
      support_url ${text},
      docs_url ${text},
      setup_token_sha256 ${bytes}
    ) ${strict}`,
    "INSERT INTO instance (id, name, signup) VALUES (1, 'Keywright', 'invite')",

    // What there is of a person is found without reading all there is.
    `CREATE INDEX keys_account ON keys (owner_id, id) WHERE owner_id >= 'acc_' AND owner_id < 'acc~'`,
    `CREATE INDEX ledger_account ON ledger (actor_id, seq) WHERE actor_type = 'account'`,
  ];
}
