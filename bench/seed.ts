import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import type { Caller } from '../packages/server/src/domain/caller.ts';
import { secretHashBytes } from '../packages/server/src/keys/secret-format.ts';
import type { LedgerHead, StoredLedgerRow } from '../packages/server/src/ledger/entry.ts';
import { buildRow } from '../packages/server/src/ledger/row.ts';
import { databaseFile } from '../packages/server/src/storage/sqlite-files.ts';
import { type MadeUpKey, makeUpKey } from './made-up-keys.ts';

/** Where seeded keys go. The channels are in the order in which made-up keys name them. */
export interface SeedPlace {
  projectId: string;
  channelIds: string[];
}

/** How a table's rows go in: many at once, past the service. */
interface BulkWriter {
  readHead(): Promise<LedgerHead>;
  insert(table: string, columns: Record<string, ColumnType>, rows: unknown[][]): Promise<void>;
  writeHead(head: LedgerHead): Promise<void>;
  close(): Promise<void>;
}

type ColumnType = 'text' | 'bigint' | 'bytea';

const portion = 20_000;

/** Puts `count` made-up keys into a database that no service has open, each with its row in the ledger. */
export async function seed(location: string, place: SeedPlace, count: number, caller: Caller): Promise<void> {
  const isPostgres = location.startsWith('postgres');
  const writer = isPostgres ? await writeToPostgres(location) : writeToSqlite(location);
  try {
    let head = await writer.readHead();
    for (let start = 0; start < count; start += portion) {
      const length = Math.min(portion, count - start);
      const keys = Array.from({ length }, (_, i) => makeUpKey(start + i, count));
      const ledger = keys.map((key) => {
        const row = ledgerRow(head, key, place, caller);
        head = row;
        return row;
      });
      await insertKeys(writer, keys, place);
      await insertLedger(writer, ledger);
    }
    await writer.writeHead(head);
  } finally {
    await writer.close();
  }
}

async function insertKeys(writer: BulkWriter, keys: MadeUpKey[], place: SeedPlace): Promise<void> {
  const owners = [...new Set(keys.map((key) => key.ownerId))];
  await writer.insert(
    'owners',
    { project_id: 'text', owner_id: 'text' },
    owners.map((id) => [place.projectId, id]),
  );
  await writer.insert(
    'keys',
    keyColumns,
    keys.map((key) => keyRow(key, place)),
  );
  const byHash = [...keys].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  await writer.insert(
    'secrets',
    secretColumns,
    byHash.map((key) => [secretHashBytes(key.hash), key.id, 'kw_ab12…Yz89', key.createdAt]),
  );
  const used = keys.filter((key) => key.lastUsedAt !== null);
  await writer.insert(
    'key_last_use',
    useColumns,
    used.map((key) => [key.id, place.projectId, key.lastUsedAt, '192.0.2.7', 'curl/8']),
  );
}

const keyColumns = {
  id: 'text',
  project_id: 'text',
  channel_id: 'text',
  owner_id: 'text',
  name: 'text',
  description: 'text',
  format: 'text',
  status: 'text',
  scopes: 'text',
  metadata: 'text',
  ip_allow: 'text',
  expires_at: 'bigint',
  created_at: 'bigint',
  created_by: 'text',
  updated_at: 'bigint',
  revoked_at: 'bigint',
  search_text: 'text',
} as const;
const secretColumns = { sha256: 'bytea', key_id: 'text', display: 'text', created_at: 'bigint' } as const;
const useColumns = {
  key_id: 'text',
  project_id: 'text',
  at: 'bigint',
  ip: 'text',
  user_agent: 'text',
} as const;

function keyRow(key: MadeUpKey, { projectId, channelIds }: SeedPlace): unknown[] {
  return [
    key.id,
    projectId,
    key.channel === null ? null : channelIds[key.channel],
    key.ownerId,
    key.name,
    key.description,
    'token',
    key.status,
    JSON.stringify(key.scopes),
    JSON.stringify(key.metadata),
    '[]',
    key.expiresAt,
    key.createdAt,
    'svc_bench',
    key.createdAt,
    key.status === 'revoked' ? key.createdAt : null,
    [key.name, key.description ?? '', key.ownerId].join('\n').toLowerCase(),
  ];
}

function ledgerRow(
  head: LedgerHead,
  key: MadeUpKey,
  { projectId }: SeedPlace,
  caller: Caller,
): StoredLedgerRow {
  const entry = {
    action: 'key.created' as const,
    projectId,
    subject: { type: 'key' as const, id: key.id, name: key.name },
    detail: { format: 'token', scopes: key.scopes },
    privateDetail: { ownerId: key.ownerId, description: key.description },
  };
  return buildRow(head, entry, caller, key.createdAt);
}

async function insertLedger(writer: BulkWriter, rows: StoredLedgerRow[]): Promise<void> {
  await writer.insert(
    'ledger',
    {
      seq: 'bigint',
      at: 'bigint',
      actor_type: 'text',
      actor_id: 'text',
      action: 'text',
      project_id: 'text',
      subject_type: 'text',
      subject_id: 'text',
      body: 'text',
      prev_hash: 'bytea',
      hash: 'bytea',
    },
    rows.map((row) => [
      row.seq,
      row.at,
      row.actorType,
      row.actorId,
      row.action,
      row.projectId,
      row.subjectType,
      row.subjectId,
      row.body,
      row.prevHash,
      row.hash,
    ]),
  );
  const hidden = rows.filter((row) => row.private !== null);
  await writer.insert(
    'ledger_private',
    { seq: 'bigint', salt: 'bytea', json: 'text' },
    hidden.map((row) => [row.seq, row.private?.salt, row.private?.json]),
  );
}

function writeToSqlite(directory: string): BulkWriter {
  const database = new Database(join(directory, databaseFile));
  database.pragma('synchronous = OFF');
  database.pragma('cache_size = -1000000');
  return {
    async readHead() {
      return database.prepare('SELECT seq, hash FROM ledger_head').get() as LedgerHead;
    },
    async insert(table, columns, rows) {
      const names = Object.keys(columns);
      const statement = database.prepare(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`,
      );
      database.transaction(() => {
        for (const row of rows) statement.run(row);
      })();
    },
    async writeHead({ seq, hash }) {
      database.prepare('UPDATE ledger_head SET seq = ?, hash = ?').run(seq, hash);
    },
    async close() {
      database.pragma('wal_checkpoint(TRUNCATE)');
      database.close();
    },
  };
}

async function writeToPostgres(url: string): Promise<BulkWriter> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('SET synchronous_commit = off');
  return {
    async readHead() {
      const { rows } = await client.query('SELECT seq::int, hash FROM ledger_head');
      return rows[0] as LedgerHead;
    },
    async insert(table, columns, rows) {
      const lists = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
      const text = `INSERT INTO ${table} (${Object.keys(columns).join(', ')}) SELECT * FROM unnest(${lists.join(', ')}) ON CONFLICT DO NOTHING`;
      await client.query(
        text,
        Object.keys(columns).map((_, index) => rows.map((row) => row[index])),
      );
    },
    async writeHead({ seq, hash }) {
      await client.query('UPDATE ledger_head SET seq = $1, hash = $2', [seq, hash]);
    },
    async close() {
      // What a database in use has done long ago: without it, its plans are guesses.
      await client.query('VACUUM ANALYZE');
      await client.end();
    },
  };
}
