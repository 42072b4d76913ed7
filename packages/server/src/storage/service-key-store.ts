import type { Kysely, Selectable } from 'kysely';
import { type SecretHash, secretHashBytes } from '../keys/secret-format.ts';
import type {
  ServiceKeyFilter,
  ServiceKeyStore,
  StoredServiceKey,
} from '../service-keys/service-key-store.ts';
import type { Engine } from './engine.ts';
import { countUpTo, isOneOf, locked, newestFirst } from './query.ts';
import type { Schema } from './schema.ts';

/** @see ServiceKeyStore */
export function createServiceKeyStore(db: Kysely<Schema>, engine: Engine): ServiceKeyStore {
  /** Live ones; those of a deleted project died with it. */
  const live = () =>
    db
      .selectFrom('service_keys')
      .leftJoin('projects', 'projects.id', 'service_keys.project_id')
      .where('service_keys.deleted_at', 'is', null)
      .where('projects.deleted_at', 'is', null);
  const matching = ({ projectIds }: ServiceKeyFilter) =>
    projectIds === undefined ? live() : live().where(isOneOf('service_keys.project_id', projectIds));

  return {
    async insert(serviceKey, secret) {
      await db.insertInto('service_keys').values(toRow(serviceKey)).execute();
      await insertSecret(db, serviceKey.id, secret, serviceKey.createdAt);
    },

    async lock(id) {
      const own = db.selectFrom('service_keys').select('id').where('id', '=', id);
      if ((await locked(own, engine, 'update').executeTakeFirst()) === undefined) return null;
      const row = await live().selectAll('service_keys').where('service_keys.id', '=', id).executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },

    async replaceSecret(id, secret, display, at) {
      await retireSecret(db, id, at);
      await insertSecret(db, id, secret, at);
      await db.updateTable('service_keys').set({ display }).where('id', '=', id).execute();
    },

    async delete(id, at) {
      await retireSecret(db, id, at);
      await db.updateTable('service_keys').set({ deleted_at: at }).where('id', '=', id).execute();
    },

    async ownerOfSecret(secret) {
      const row = await db
        .selectFrom('service_key_secrets')
        .select('service_key_id')
        .where('sha256', '=', secretHashBytes(secret))
        .executeTakeFirst();
      return row?.service_key_id ?? null;
    },

    async findBySecret(secret) {
      const row = await live()
        .innerJoin('service_key_secrets as secret', 'secret.service_key_id', 'service_keys.id')
        .where('secret.sha256', '=', secretHashBytes(secret))
        .where('secret.retired_at', 'is', null)
        .selectAll('service_keys')
        .executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },

    async listBootstrap() {
      const rows = await live().selectAll('service_keys').where('service_keys.bootstrap', '=', 1).execute();
      return rows.map(fromRow);
    },

    async list(filter, slice) {
      const query = matching(filter).selectAll('service_keys');
      return (await newestFirst(query, 'service_keys.id', slice.from?.id ?? null, slice).execute()).map(
        fromRow,
      );
    },

    count: (filter, max) => countUpTo(db, matching(filter), max),
  };
}

async function insertSecret(db: Kysely<Schema>, id: string, secret: SecretHash, at: number): Promise<void> {
  const row = { sha256: secretHashBytes(secret), service_key_id: id, created_at: at, retired_at: null };
  await db.insertInto('service_key_secrets').values(row).execute();
}

async function retireSecret(db: Kysely<Schema>, id: string, at: number): Promise<void> {
  await db
    .updateTable('service_key_secrets')
    .set({ retired_at: at })
    .where('service_key_id', '=', id)
    .where('retired_at', 'is', null)
    .execute();
}

function toRow(serviceKey: StoredServiceKey): Omit<Selectable<Schema['service_keys']>, 'deleted_at'> {
  return {
    id: serviceKey.id,
    name: serviceKey.name,
    project_id: serviceKey.projectId,
    scopes: JSON.stringify(serviceKey.scopes),
    display: serviceKey.display,
    created_at: serviceKey.createdAt,
    created_by: serviceKey.createdBy,
    last_used_at: serviceKey.lastUsedAt,
    expires_at: serviceKey.expiresAt,
    bootstrap: serviceKey.bootstrap ? 1 : 0,
  };
}

function fromRow(row: Selectable<Schema['service_keys']>): StoredServiceKey {
  return {
    id: row.id,
    name: row.name,
    projectId: row.project_id,
    scopes: JSON.parse(row.scopes),
    display: row.display,
    createdAt: row.created_at,
    createdBy: row.created_by,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    bootstrap: row.bootstrap === 1,
  };
}
