import type { Engine } from '../engine.ts';
import { types } from './types.ts';

export function limits(engine: Engine): string[] {
  const { text, integer, clustered } = types[engine];
  return [
    `ALTER TABLE keys ADD COLUMN rate_limits ${text} NOT NULL DEFAULT '[]'`,
    `ALTER TABLE keys ADD COLUMN quota_limit ${integer}`,
    `ALTER TABLE keys ADD COLUMN quota_period ${text} CHECK (quota_period IN ('day', 'month', 'total'))`,
    // Apart from the keys, so that spending does not write their rows; no foreign key, which would lock them.
    `CREATE TABLE key_quotas (
      key_id ${text} PRIMARY KEY,
      period_start ${integer} NOT NULL,
      used ${integer} NOT NULL CHECK (used >= 0),
      generation ${integer} NOT NULL
    ) ${clustered}`,
  ];
}
