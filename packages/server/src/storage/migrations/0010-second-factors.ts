import type { Engine } from '../engine.ts';
import { types } from './types.ts';

/**
 * Two more tables of better-auth, with the fields of its plugins under our names. What is needed beside them: which
 * time step's code was used last, since when a second factor is on, and when a passkey was used.
 */
export function secondFactors(engine: Engine): string[] {
  const { text, integer, strict } = types[engine];
  return [
    `ALTER TABLE auth_users ADD COLUMN two_factor_enabled ${integer}`,
    `CREATE TABLE auth_second_factors (
      id ${text} PRIMARY KEY,
      user_id ${text} NOT NULL UNIQUE REFERENCES auth_users (id) ON DELETE CASCADE,
      secret ${text} NOT NULL,
      backup_codes ${text} NOT NULL,
      verified ${integer},
      failed_verification_count ${integer},
      locked_until ${integer},
      last_step ${integer},
      since ${integer}
    ) ${strict}`,
    `CREATE TABLE auth_passkeys (
      id ${text} PRIMARY KEY,
      user_id ${text} NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
      name ${text},
      credential_id ${text} NOT NULL UNIQUE,
      public_key ${text} NOT NULL,
      counter ${integer} NOT NULL,
      device_type ${text} NOT NULL,
      backed_up ${integer} NOT NULL,
      transports ${text},
      aaguid ${text},
      created_at ${integer},
      last_used_at ${integer}
    ) ${strict}`,
    'CREATE INDEX auth_passkeys_user ON auth_passkeys (user_id, id)',
    // When a password changes, sign-ins that were begun with the former one are found by whose they are.
    'CREATE INDEX auth_verifications_value ON auth_verifications (value)',
    'CREATE INDEX auth_verifications_expiry ON auth_verifications (expires_at)',
  ];
}
