import type { Generated } from 'kysely';

/** The tables as both engines have them. Times are milliseconds since 1970, JSON is text, hashes are bytes. */
export interface Schema {
  projects: ProjectTable;
  channels: ChannelTable;
  channel_slugs: { slug: string; project_id: string };
  owners: { project_id: string; owner_id: string };
  keys: KeyTable;
  /** By the id of a project or of a channel: how many keys it has, deleted ones apart. */
  key_counts: { id: string; count: number };
  key_quotas: KeyQuotaTable;
  secrets: SecretTable;
  key_last_use: KeyLastUseTable;
  meters: MeterTable;
  usage: UsageTable;
  usage_origins: UsageOriginTable;
  usage_batches: { node: string; batch: number; at: number };
  usage_journal: { id: string; addition: string };
  refusals: RefusalTable;
  service_keys: ServiceKeyTable;
  service_key_secrets: ServiceKeySecretTable;
  ledger: LedgerTable;
  ledger_private: { seq: number; salt: Buffer; json: string };
  ledger_head: { id: number; seq: number; hash: Buffer };
  idempotency: IdempotencyTable;
  memberships: MembershipTable;
  account_admins: { account_id: string; granted_at: number };
  invitations: InvitationTable;
  auth_users: AuthUserTable;
  auth_sessions: AuthSessionTable;
  auth_credentials: AuthCredentialTable;
  auth_verifications: AuthVerificationTable;
  account_links: AccountLinkTable;
  /** The address that an account asked for and did not confirm yet. */
  pending_emails: { account_id: string; email: string; created_at: number };
  auth_second_factors: AuthSecondFactorTable;
  auth_passkeys: AuthPasskeyTable;
  instance: InstanceTable;
}

interface ProjectTable {
  id: string;
  name: string;
  preset: string;
  policy: string;
  wording: string;
  created_at: number;
  deleted_at: number | null;
}

interface ChannelTable {
  id: string;
  project_id: string;
  slug: string;
  name: string;
  description: string | null;
  upstream: string | null;
  policy: string;
  /** Null: as a new channel has it. */
  gateway: string | null;
  created_at: number;
  deleted_at: number | null;
}

export interface KeyTable {
  id: string;
  project_id: string;
  channel_id: string | null;
  owner_id: string | null;
  name: string;
  description: string | null;
  format: string;
  public_id: string | null;
  status: string;
  scopes: string;
  metadata: string;
  ip_allow: string;
  rate_limits: string;
  quota_limit: number | null;
  quota_period: string | null;
  expires_at: number | null;
  created_at: number;
  created_by: string;
  updated_at: number;
  revoked_at: number | null;
  revoked_reason: string | null;
  deleted_at: number | null;
  /** Name, description and owner in lower case: what a search looks through. */
  search_text: string;
}

interface KeyQuotaTable {
  key_id: string;
  /** Of the period that `used` is about; 0 before the first use. */
  period_start: number;
  used: number;
  generation: number;
}

interface SecretTable {
  sha256: Buffer;
  key_id: string;
  display: string | null;
  created_at: number;
  /** Null: the current secret. In the past, or negative: dead, and kept so that it cannot come back. See `endOf`. */
  retires_at: number | null;
}

interface KeyLastUseTable {
  key_id: string;
  /** The key's, which never changes: lists by last use read one project's rows in order. */
  project_id: string;
  at: number;
  ip: string | null;
  user_agent: string | null;
}

interface MeterTable {
  id: Generated<number>;
  /** The SHA-256 of a secret; of a sum of a project, its id and which of the two it is. */
  subject: Buffer;
  /** Null for the sums of a project. */
  key_id: string | null;
}

interface UsageTable {
  meter_id: number;
  /** Milliseconds that the row counts: a minute, an hour or a day. */
  resolution: number;
  /** When they begin. */
  at: number;
  /** A number for a verification's code: there are as many rows as in no other table. */
  code: number;
  count: number;
  /** When the last of these verifications was. */
  last_at: number;
}

interface UsageOriginTable {
  /** A key or a project. */
  subject_id: string;
  /** Empty when it was not told, as the user agent. */
  ip: string;
  user_agent: string;
  last_at: number;
  count: number;
}

interface RefusalTable {
  id: Generated<number>;
  request_id: string;
  at: number;
  project_id: string | null;
  key_id: string | null;
  code: string;
  door: string;
  channel: string | null;
  scopes: string;
  ip: string | null;
  user_agent: string | null;
  cost: number | null;
  method: string | null;
  path: string | null;
}

interface ServiceKeyTable {
  id: string;
  name: string;
  project_id: string | null;
  scopes: string;
  display: string;
  created_at: number;
  created_by: string;
  last_used_at: number | null;
  expires_at: number | null;
  bootstrap: number;
  deleted_at: number | null;
}

interface ServiceKeySecretTable {
  sha256: Buffer;
  service_key_id: string;
  created_at: number;
  retired_at: number | null;
}

interface LedgerTable {
  seq: number;
  at: number;
  actor_type: string;
  actor_id: string;
  action: string;
  project_id: string | null;
  subject_type: string;
  subject_id: string;
  body: string;
  prev_hash: Buffer;
  hash: Buffer;
}

export interface IdempotencyTable {
  /** SHA-256 of who sent what where, and of the `Idempotency-Key`. */
  id: Buffer;
  /** SHA-256 of the query and the body. */
  request: Buffer;
  at: number;
  /** JSON; null when it held a secret. */
  answer: string | null;
  /** The id of the key or service key whose secret was answered. */
  secret_of: string | null;
}

interface MembershipTable {
  account_id: string;
  project_id: string;
  role: string;
  joined_at: number;
}

interface AuthUserTable {
  id: string;
  name: string;
  email: string;
  email_verified: number;
  image: string | null;
  created_at: number;
  updated_at: number;
  /** 1: a password alone signs nobody in. */
  two_factor_enabled: Generated<number | null>;
}

interface AuthSessionTable {
  id: string;
  user_id: string;
  token_sha256: Buffer;
  created_at: number;
  updated_at: number;
  expires_at: number;
  /** When the password was last proved in it. */
  authenticated_at: number;
  ip_address: string | null;
  user_agent: string | null;
}

interface AuthCredentialTable {
  id: string;
  user_id: string;
  provider_id: string;
  account_id: string;
  password: string | null;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: number | null;
  refresh_token_expires_at: number | null;
  scope: string | null;
  created_at: number;
  updated_at: number;
}

interface AuthVerificationTable {
  id: string;
  identifier: string;
  value: string;
  expires_at: number;
  created_at: number;
  updated_at: number;
}

interface AuthSecondFactorTable {
  id: string;
  user_id: string;
  /** Sealed, as the backup codes. */
  secret: string;
  backup_codes: string;
  /** 0: it was begun, and no code has shown yet that an app has the secret. */
  verified: number | null;
  failed_verification_count: number | null;
  locked_until: number | null;
  /** The time step of the last code that was accepted: none of it or of one before is accepted again. */
  last_step: number | null;
  since: number | null;
}

interface AuthPasskeyTable {
  id: string;
  user_id: string;
  name: string | null;
  credential_id: string;
  public_key: string;
  counter: number;
  device_type: string;
  backed_up: number;
  transports: string | null;
  aaguid: string | null;
  created_at: number | null;
  last_used_at: number | null;
}

interface InvitationTable {
  id: string;
  project_id: string;
  /** In lower case. */
  email: string;
  role: string;
  /** Of the token in the link. */
  sha256: Buffer;
  created_at: number;
  created_by: string;
  expires_at: number;
}

export interface AccountLinkTable {
  account_id: string;
  purpose: string;
  /** Of the token in the link. */
  sha256: Buffer;
  /** The address that it confirms. */
  email: string | null;
  created_at: number;
  expires_at: number;
}

interface InstanceTable {
  id: number;
  name: string;
  signup: string;
  signup_project_id: string | null;
  support_url: string | null;
  docs_url: string | null;
  /** Null: no set-up link is out. */
  setup_token_sha256: Buffer | null;
}
