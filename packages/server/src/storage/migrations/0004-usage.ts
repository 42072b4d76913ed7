import type { Engine } from '../engine.ts';
import { types } from './types.ts';

/**
 * Usage knows no foreign keys: it is written apart from changes, and outlives what it is about. A meter stands for a
 * secret, or for one of the sums of a project, so that the rows of `usage`, of which there are many, hold a number
 * instead of a hash.
 */
export function usage(engine: Engine): string[] {
  const { text, integer, bytes, strict, clustered } = types[engine];
  const number =
    engine === 'sqlite' ? 'INTEGER PRIMARY KEY' : 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY';
  return [
    `CREATE TABLE meters (
      id ${number},
      subject ${bytes} NOT NULL UNIQUE,
      key_id ${text}
    ) ${strict}`,
    'CREATE INDEX meters_key ON meters (key_id) WHERE key_id IS NOT NULL',
    `CREATE TABLE usage (
      meter_id ${integer} NOT NULL,
      resolution ${integer} NOT NULL,
      at ${integer} NOT NULL,
      code ${integer} NOT NULL,
      count ${integer} NOT NULL,
      last_at ${integer} NOT NULL,
      PRIMARY KEY (meter_id, resolution, at, code)
    ) ${clustered}`,
    'CREATE INDEX usage_age ON usage (resolution, at)',
    `CREATE TABLE usage_origins (
      subject_id ${text} NOT NULL,
      ip ${text} NOT NULL,
      user_agent ${text} NOT NULL,
      last_at ${integer} NOT NULL,
      count ${integer} NOT NULL,
      PRIMARY KEY (subject_id, ip, user_agent)
    ) ${clustered}`,
    `CREATE TABLE usage_batches (
      node ${text} PRIMARY KEY,
      batch ${integer} NOT NULL,
      at ${integer} NOT NULL
    ) ${clustered}`,
    `CREATE TABLE refusals (
      id ${number},
      request_id ${text} NOT NULL,
      at ${integer} NOT NULL,
      project_id ${text},
      key_id ${text},
      code ${text} NOT NULL,
      door ${text} NOT NULL,
      channel ${text},
      scopes ${text} NOT NULL,
      ip ${text},
      user_agent ${text},
      cost ${integer}
    ) ${strict}`,
    'CREATE INDEX refusals_request ON refusals (request_id, project_id, at)',
    'CREATE INDEX refusals_age ON refusals (at)',

    // Nothing has written it so far. On SQLite it now lies in the tree of its primary key, as all that is written often.
    'DROP TABLE key_last_use',
    `CREATE TABLE key_last_use (
      key_id ${text} PRIMARY KEY,
      project_id ${text} NOT NULL,
      at ${integer} NOT NULL,
      ip ${text},
      user_agent ${text}
    ) ${clustered}`,
    'CREATE INDEX key_last_use_project ON key_last_use (project_id, at, key_id)',
  ];
}
