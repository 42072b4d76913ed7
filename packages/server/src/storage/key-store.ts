import { type Kysely, type Selectable, sql } from 'kysely';
import type { KeyRow, KeyStore, NewSecret, StoredKey } from '../keys/key-store.ts';
import { unusedQuota } from '../keys/quota-store.ts';
import { endOf } from '../keys/secret-end.ts';
import { secretHashBytes } from '../keys/secret-format.ts';
import { fold } from './key-search.ts';
import { forEachPart, places } from './many-rows.ts';
import { readQuota } from './point-queries.ts';
import { countUpTo } from './query.ts';
import type { KeyTable, Schema } from './schema.ts';
import { insertRow, type Run } from './statement.ts';
import { lastUseOfSecret } from './usage-query.ts';

/** @see KeyStore */
export function createKeyStore(db: Kysely<Schema>, run: Run): Omit<KeyStore, 'list' | 'count'> {
  const live = () => db.selectFrom('keys').where('deleted_at', 'is', null);
  const addCurrent = (keyId: string, secret: NewSecret) =>
    insertRow(run, 'secrets', toSecretRow(keyId, secret));

  return {
    async insert(key, secret) {
      await Promise.all([insertRow(run, 'keys', { ...toKeyRow(key) }), addCurrent(key.id, secret)]);
    },

    async find(id, now) {
      const row = await selectRows(db, now)
        .innerJoin('projects', 'projects.id', 'keys.project_id')
        .where('projects.deleted_at', 'is', null)
        .where('keys.id', '=', id)
        .executeTakeFirst();
      return row === undefined ? null : fromListRow(row);
    },

    async lock(id) {
      const [row] = await run<KeyTable>(
        'SELECT * FROM keys WHERE id = $1 AND deleted_at IS NULL FOR UPDATE',
        [id],
      );
      return row === undefined ? null : fromRow(row);
    },

    async lockAll(projectId, ids) {
      const rows = await forEachPart(ids.toSorted(), (part) =>
        run<KeyTable>(
          `SELECT * FROM keys WHERE id IN (${places(part.length)}) AND project_id = $${part.length + 1}
             AND deleted_at IS NULL ORDER BY id FOR UPDATE`,
          [...part, projectId],
        ),
      );
      return rows.map(fromRow);
    },

    async findBySecret(hash) {
      const row = await db
        .selectFrom('secrets')
        .innerJoin('keys', 'keys.id', 'secrets.key_id')
        .innerJoin('projects', 'projects.id', 'keys.project_id')
        .where('secrets.sha256', '=', secretHashBytes(hash))
        .selectAll('keys')
        .select(['secrets.display', 'secrets.retires_at', 'projects.deleted_at as project_deleted_at'])
        .executeTakeFirst();
      if (row === undefined) return null;
      const deletedAt = row.deleted_at ?? row.project_deleted_at;
      return { key: fromRow(row), deletedAt, display: row.display, retiresAt: row.retires_at };
    },

    async update(key) {
      const { id, ...columns } = toKeyRow(key);
      await db.updateTable('keys').set(columns).where('id', '=', id).execute();
    },

    async delete(id, at) {
      await db.updateTable('keys').set({ deleted_at: at, updated_at: at }).where('id', '=', id).execute();
    },

    async lockOwner(projectId, ownerId) {
      await run(
        `INSERT INTO owners (project_id, owner_id) VALUES ($1, $2)
         ON CONFLICT (project_id, owner_id) DO UPDATE SET owner_id = excluded.owner_id`,
        [projectId, ownerId],
      );
    },

    async countCounting({ projectId, channelId, ownerId }, now) {
      const inPlace = channelId === null ? 'channel_id IS NULL' : 'channel_id = $4';
      const [row] = await run<{ count: number }>(
        `SELECT count(*) AS count FROM keys
         WHERE project_id = $1 AND owner_id = $2 AND (expires_at IS NULL OR expires_at > $3) AND ${inPlace}
           AND status <> 'revoked' AND deleted_at IS NULL`,
        channelId === null ? [projectId, ownerId, now] : [projectId, ownerId, now, channelId],
      );
      return row?.count ?? 0;
    },

    async isNameTaken(projectId, ownerId, name, exceptId) {
      const rows = await run(
        `SELECT 1 FROM keys
         WHERE project_id = $1 AND owner_id = $2 AND name = $3 AND id <> $4 AND status <> 'revoked'
           AND deleted_at IS NULL LIMIT 1`,
        [projectId, ownerId, name, exceptId ?? ''],
      );
      return rows.length > 0;
    },

    async namesLike(projectId, ownerId, start, limit) {
      const rows = await live()
        .select('name')
        .where('project_id', '=', projectId)
        .where('owner_id', ownerId === null ? 'is' : '=', ownerId)
        .where('name', '>=', start)
        .where('name', '<', `${start}~`)
        .where('status', '!=', 'revoked')
        .limit(limit)
        .execute();
      return rows.map((row) => row.name);
    },

    async addSecret(keyId, secret, retiresAt, now) {
      await endOverlap(db, keyId, now);
      await run('UPDATE secrets SET retires_at = $1 WHERE key_id = $2 AND retires_at IS NULL', [
        endOf(retiresAt, now),
        keyId,
      ]);
      await addCurrent(keyId, secret);
    },

    retirePrevious: (keyId, now) => endOverlap(db, keyId, now),

    async countBoundToChannel(channelId, max, now) {
      const counting = live()
        .where('channel_id', '=', channelId)
        .where('status', '!=', 'revoked')
        .where(sql<boolean>`(expires_at is null or expires_at > ${now})`);
      return countUpTo(db, counting, max);
    },

    async lockExpiredOfChannel(channelId, now) {
      const rows = await run<KeyTable>(
        `SELECT * FROM keys
         WHERE channel_id = $1 AND expires_at <= $2 AND status <> 'revoked' AND deleted_at IS NULL
         ORDER BY id FOR UPDATE`,
        [channelId, now],
      );
      return rows.map(fromRow);
    },

    async channelsOfOwner(projectId, ownerId) {
      const rows = await run<{ channel_id: string }>(
        `SELECT DISTINCT channel_id FROM keys
         WHERE project_id = $1 AND owner_id = $2 AND channel_id IS NOT NULL AND status <> 'revoked'
           AND deleted_at IS NULL ORDER BY channel_id`,
        [projectId, ownerId],
      );
      return rows.map((row) => row.channel_id);
    },

    async lockOfOwner(projectId, ownerId) {
      const rows = await run<KeyTable>(
        `SELECT * FROM keys
         WHERE project_id = $1 AND owner_id = $2 AND status <> 'revoked' AND deleted_at IS NULL
         ORDER BY id FOR UPDATE`,
        [projectId, ownerId],
      );
      return rows.map(fromRow);
    },

    async revokeOfOwner(projectId, ownerId, { reason, at }) {
      await db
        .updateTable('keys')
        .set({ status: 'revoked', revoked_reason: reason, revoked_at: at, updated_at: at })
        .where('project_id', '=', projectId)
        .where('owner_id', '=', ownerId)
        .where('status', '!=', 'revoked')
        .where('deleted_at', 'is', null)
        .execute();
    },
  };
}

async function endOverlap(db: Kysely<Schema>, keyId: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('secrets')
    .set({ retires_at: endOf(now, now) })
    .where('key_id', '=', keyId)
    .where('retires_at', '>', now)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/**
 * Keys with what a list row shows beside them, each looked up for the rows of the page alone: of joins, PostgreSQL
 * makes ones that read all that stands before the page.
 */
export function selectRows(db: Kysely<Schema>, now: number) {
  return selectKeptRows(db, now).where('keys.deleted_at', 'is', null);
}

/** As `selectRows`, with deleted keys among them. */
export function selectKeptRows(db: Kysely<Schema>, now: number) {
  const current = sql`from secrets where key_id = keys.id and retires_at is null`;
  const former = sql`from secrets where key_id = keys.id and retires_at > ${now} order by retires_at desc limit 1`;
  const lastUse = sql`from key_last_use where key_id = keys.id`;
  const quota = sql`from key_quotas where key_id = keys.id`;
  return db
    .selectFrom('keys')
    .selectAll('keys')
    .select([
      sql<string | null>`(select display ${current})`.as('display'),
      sql<string | null>`(select display ${former})`.as('former_display'),
      sql<number | null>`(select retires_at ${former})`.as('former_retires_at'),
      sql<number | null>`(select period_start ${quota})`.as('quota_period_start'),
      sql<number | null>`(select used ${quota})`.as('quota_used'),
      sql<number | null>`(select generation ${quota})`.as('quota_generation'),
      lastUseOfSecret(sql`(select sha256 ${former})`).as('former_used_at'),
      sql<number | null>`(select at ${lastUse})`.as('used_at'),
      sql<string | null>`(select ip ${lastUse})`.as('used_ip'),
      sql<string | null>`(select user_agent ${lastUse})`.as('used_agent'),
    ]);
}

type ListRow = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

/** A current secret as its table has it. */
export function toSecretRow(keyId: string, { hash, display, createdAt }: NewSecret) {
  return { sha256: secretHashBytes(hash), key_id: keyId, display, created_at: createdAt };
}

/** A key as its table has it. */
export function toKeyRow(key: StoredKey): Omit<Selectable<KeyTable>, 'deleted_at'> {
  return {
    id: key.id,
    project_id: key.projectId,
    channel_id: key.channelId,
    owner_id: key.ownerId,
    name: key.name,
    description: key.description,
    format: key.format,
    public_id: key.publicId,
    status: key.status,
    scopes: JSON.stringify(key.scopes),
    metadata: JSON.stringify(key.metadata),
    ip_allow: JSON.stringify(key.ipAllow),
    rate_limits: JSON.stringify(key.rateLimits),
    quota_limit: key.quota?.limit ?? null,
    quota_period: key.quota?.period ?? null,
    expires_at: key.expiresAt,
    created_at: key.createdAt,
    created_by: key.createdBy,
    updated_at: key.updatedAt,
    revoked_at: key.revokedAt,
    revoked_reason: key.revokedReason,
    search_text: fold([key.name, key.description ?? '', key.ownerId ?? ''].join('\n')),
  };
}

function fromRow(row: Selectable<KeyTable>): StoredKey {
  return {
    id: row.id,
    projectId: row.project_id,
    channelId: row.channel_id,
    ownerId: row.owner_id,
    name: row.name,
    description: row.description,
    format: row.format as StoredKey['format'],
    publicId: row.public_id,
    status: row.status as StoredKey['status'],
    scopes: JSON.parse(row.scopes),
    metadata: JSON.parse(row.metadata),
    rateLimits: JSON.parse(row.rate_limits),
    quota: readQuota(row),
    ipAllow: JSON.parse(row.ip_allow),
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    revokedAt: row.revoked_at,
    revokedReason: row.revoked_reason,
  };
}

export function fromListRow(row: ListRow): KeyRow {
  const { former_retires_at: retiresAt, former_used_at: lastUsedAt, used_at: at } = row;
  return {
    ...fromRow(row),
    display: row.display,
    previous: retiresAt === null ? null : { display: row.former_display, retiresAt, lastUsedAt },
    quotaState: readQuotaState(row),
    lastUse: at === null ? null : { at, ip: row.used_ip, userAgent: row.used_agent },
  };
}

function readQuotaState(row: ListRow): KeyRow['quotaState'] {
  const { quota_period_start: periodStart, quota_used: used, quota_generation: generation } = row;
  if (periodStart === null || used === null || generation === null) return unusedQuota;
  return { periodStart, used, generation };
}
