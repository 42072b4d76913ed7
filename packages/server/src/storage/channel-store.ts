import type { Kysely, Selectable } from 'kysely';
import type { ChannelStore, StoredChannel } from '../channels/channel-store.ts';
import type { OwnKeys } from '../domain/caller.ts';
import type { Engine } from './engine.ts';
import { readChannelGateway } from './point-queries.ts';
import { countOfKeys, countUpTo, locked, newestFirst } from './query.ts';
import type { Schema } from './schema.ts';

/** @see ChannelStore */
export function createChannelStore(db: Kysely<Schema>, engine: Engine): ChannelStore {
  const live = () => db.selectFrom('channels').where('channels.deleted_at', 'is', null);

  return {
    async insert(channel) {
      await db.insertInto('channels').values(toRow(channel)).execute();
    },

    async lock(id, mode) {
      const row = await locked(live().selectAll().where('id', '=', id), engine, mode).executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },

    async find(id, own) {
      const row = await live()
        .innerJoin('projects', 'projects.id', 'channels.project_id')
        .where('projects.deleted_at', 'is', null)
        .where('channels.id', '=', id)
        .selectAll('channels')
        .select(keyCount(own))
        .executeTakeFirst();
      return row === undefined ? null : { ...fromRow(row), keyCount: Number(row.key_count) };
    },

    async update(channel) {
      const { id, ...columns } = toRow(channel);
      await db.updateTable('channels').set(columns).where('id', '=', id).execute();
    },

    async delete(id, at) {
      await db.updateTable('channels').set({ deleted_at: at }).where('id', '=', id).execute();
    },

    async claimSlug(slug, projectId, channelId) {
      await db
        .insertInto('channel_slugs')
        .values({ slug, project_id: projectId })
        .onConflict((conflict) => conflict.column('slug').doNothing())
        .execute();
      const claim = db.selectFrom('channel_slugs').select('project_id').where('slug', '=', slug);
      const { project_id: holder } = await locked(claim, engine, 'update').executeTakeFirstOrThrow();
      if (holder !== projectId) return false;
      const user = await live()
        .select('id')
        .where('slug', '=', slug)
        .where('id', '!=', channelId)
        .executeTakeFirst();
      return user === undefined;
    },

    async list(projectId, slice, own) {
      const query = live().where('project_id', '=', projectId).selectAll().select(keyCount(own));
      const rows = await newestFirst(query, 'channels.id', slice.from?.id ?? null, slice).execute();
      return rows.map((row) => ({ ...fromRow(row), keyCount: Number(row.key_count) }));
    },

    count: (projectId, max) => countUpTo(db, live().where('project_id', '=', projectId), max),
  };
}

const keyCount = (own: OwnKeys | null = null) => countOfKeys('channel', own).as('key_count');

function toRow(channel: StoredChannel): Omit<Selectable<Schema['channels']>, 'deleted_at'> {
  return {
    id: channel.id,
    project_id: channel.projectId,
    slug: channel.slug,
    name: channel.name,
    description: channel.description,
    upstream: channel.upstream,
    policy: JSON.stringify(channel.policy),
    gateway: JSON.stringify(channel.gateway),
    created_at: channel.createdAt,
  };
}

function fromRow(row: Selectable<Schema['channels']>): StoredChannel {
  return {
    id: row.id,
    projectId: row.project_id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    upstream: row.upstream,
    policy: JSON.parse(row.policy),
    gateway: readChannelGateway(row.gateway),
    createdAt: row.created_at,
  };
}
