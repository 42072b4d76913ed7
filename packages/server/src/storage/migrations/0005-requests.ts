import type { Engine } from '../engine.ts';
import { types } from './types.ts';

export function requests(engine: Engine): string[] {
  const { text, integer, bytes, strict } = types[engine];
  return [
    // Whether keys were ever imported is asked at each start, however long the ledger is.
    `CREATE INDEX ledger_imports ON ledger (seq) WHERE action = 'key.imported'`,
    `CREATE TABLE idempotency (
      id ${bytes} PRIMARY KEY,
      request ${bytes} NOT NULL,
      at ${integer} NOT NULL,
      answer ${text},
      secret_of ${text}
    ) ${strict}`,
    'CREATE INDEX idempotency_at ON idempotency (at)',
  ];
}
