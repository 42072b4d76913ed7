import type { Engine } from '../engine.ts';
import { types } from './types.ts';

export function initial(engine: Engine): string[] {
  const { text, integer, bytes, strict, clustered } = types[engine];
  return [
    `CREATE TABLE projects (
      id ${text} PRIMARY KEY,
      name ${text} NOT NULL,
      preset ${text} NOT NULL,
      policy ${text} NOT NULL,
      wording ${text} NOT NULL,
      created_at ${integer} NOT NULL,
      deleted_at ${integer}
    ) ${strict}`,

    `CREATE TABLE channels (
      id ${text} PRIMARY KEY,
      project_id ${text} NOT NULL REFERENCES projects (id),
      slug ${text} NOT NULL,
      name ${text} NOT NULL,
      description ${text},
      upstream ${text},
      policy ${text} NOT NULL,
      created_at ${integer} NOT NULL,
      deleted_at ${integer}
    ) ${strict}`,
    'CREATE UNIQUE INDEX channels_slug ON channels (slug) WHERE deleted_at IS NULL',
    'CREATE INDEX channels_project ON channels (project_id, id) WHERE deleted_at IS NULL',
    `CREATE TABLE channel_slugs (
      slug ${text} PRIMARY KEY,
      project_id ${text} NOT NULL REFERENCES projects (id)
    ) ${strict}`,

    `CREATE TABLE owners (
      project_id ${text} NOT NULL REFERENCES projects (id),
      owner_id ${text} NOT NULL,
      PRIMARY KEY (project_id, owner_id)
    ) ${clustered}`,

    `CREATE TABLE keys (
      id ${text} PRIMARY KEY,
      project_id ${text} NOT NULL REFERENCES projects (id),
      channel_id ${text} REFERENCES channels (id),
      owner_id ${text},
      name ${text} NOT NULL,
      description ${text},
      format ${text} NOT NULL,
      public_id ${text},
      status ${text} NOT NULL CHECK (status IN ('active', 'inactive', 'revoked')),
      scopes ${text} NOT NULL,
      metadata ${text} NOT NULL,
      ip_allow ${text} NOT NULL,
      expires_at ${integer},
      created_at ${integer} NOT NULL,
      created_by ${text} NOT NULL,
      updated_at ${integer} NOT NULL,
      revoked_at ${integer},
      revoked_reason ${text},
      deleted_at ${integer},
      search_text ${text} NOT NULL
    ) ${clustered}`,
    'CREATE UNIQUE INDEX keys_public_id ON keys (public_id) WHERE public_id IS NOT NULL',
    'CREATE INDEX keys_project ON keys (project_id, id) WHERE deleted_at IS NULL',
    'CREATE INDEX keys_project_name ON keys (project_id, name, id) WHERE deleted_at IS NULL',
    'CREATE INDEX keys_project_expiry ON keys (project_id, expires_at, id) WHERE deleted_at IS NULL',
    'CREATE INDEX keys_channel ON keys (channel_id, id) WHERE deleted_at IS NULL AND channel_id IS NOT NULL',
    'CREATE INDEX keys_owner ON keys (project_id, owner_id, id) WHERE deleted_at IS NULL AND owner_id IS NOT NULL',

    `CREATE TABLE secrets (
      sha256 ${bytes} PRIMARY KEY,
      key_id ${text} NOT NULL REFERENCES keys (id),
      display ${text},
      created_at ${integer} NOT NULL,
      retires_at ${integer}
    ) ${clustered}`,
    'CREATE UNIQUE INDEX secrets_current ON secrets (key_id) WHERE retires_at IS NULL',
    'CREATE INDEX secrets_former ON secrets (key_id, retires_at) WHERE retires_at IS NOT NULL',

    `CREATE TABLE key_last_use (
      key_id ${text} PRIMARY KEY,
      project_id ${text} NOT NULL,
      at ${integer} NOT NULL,
      ip ${text},
      user_agent ${text}
    ) ${strict}`,
    'CREATE INDEX key_last_use_project ON key_last_use (project_id, at, key_id)',

    `CREATE TABLE service_keys (
      id ${text} PRIMARY KEY,
      name ${text} NOT NULL,
      project_id ${text} REFERENCES projects (id),
      scopes ${text} NOT NULL,
      display ${text} NOT NULL,
      created_at ${integer} NOT NULL,
      created_by ${text} NOT NULL,
      last_used_at ${integer},
      expires_at ${integer},
      bootstrap ${integer} NOT NULL,
      deleted_at ${integer}
    ) ${strict}`,
    'CREATE INDEX service_keys_project ON service_keys (project_id, id) WHERE deleted_at IS NULL',
    `CREATE TABLE service_key_secrets (
      sha256 ${bytes} PRIMARY KEY,
      service_key_id ${text} NOT NULL REFERENCES service_keys (id),
      created_at ${integer} NOT NULL,
      retired_at ${integer}
    ) ${clustered}`,
    'CREATE UNIQUE INDEX service_key_secrets_current ON service_key_secrets (service_key_id) WHERE retired_at IS NULL',

    `CREATE TABLE ledger (
      seq ${integer} PRIMARY KEY,
      at ${integer} NOT NULL,
      actor_type ${text} NOT NULL,
      actor_id ${text} NOT NULL,
      action ${text} NOT NULL,
      project_id ${text},
      subject_type ${text} NOT NULL,
      subject_id ${text} NOT NULL,
      body ${text} NOT NULL,
      prev_hash ${bytes} NOT NULL,
      hash ${bytes} NOT NULL
    ) ${strict}`,
    'CREATE INDEX ledger_project ON ledger (project_id, seq)',
    'CREATE INDEX ledger_subject ON ledger (subject_id, seq)',
    `CREATE TABLE ledger_private (
      seq ${integer} PRIMARY KEY REFERENCES ledger (seq),
      salt ${bytes} NOT NULL,
      json ${text} NOT NULL
    ) ${strict}`,
    `CREATE TABLE ledger_head (
      id ${integer} PRIMARY KEY CHECK (id = 1),
      seq ${integer} NOT NULL,
      hash ${bytes} NOT NULL
    ) ${strict}`,
    `INSERT INTO ledger_head (id, seq, hash) VALUES (1, 0, ${engine === 'sqlite' ? `zeroblob(32)` : `decode(repeat('00', 32), 'hex')`})`,
  ];
}
