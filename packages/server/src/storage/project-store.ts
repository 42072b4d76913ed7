import type { Kysely, Selectable } from 'kysely';
import type { OwnKeys } from '../domain/caller.ts';
import type { ProjectStore, StoredProject } from '../projects/project-store.ts';
import { countOfKeys, countUpTo, isOneOf, newestFirst } from './query.ts';
import type { Schema } from './schema.ts';
import type { Run } from './statement.ts';

/** @see ProjectStore */
export function createProjectStore(db: Kysely<Schema>, run: Run): ProjectStore {
  const live = () => db.selectFrom('projects').where('projects.deleted_at', 'is', null);
  const visible = (only: string[] | null) =>
    only === null ? live() : live().where(isOneOf('projects.id', only));

  return {
    async insert(project) {
      await db.insertInto('projects').values(toRow(project)).execute();
    },

    async lock(id, mode) {
      const [row] = await run<Schema['projects']>(mode === 'share' ? lockShared : lockForUpdate, [id]);
      return row === undefined ? null : fromRow(row);
    },

    async find(id, own) {
      const row = await live().selectAll().select(keyCount(own)).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : { ...fromRow(row), keyCount: Number(row.key_count) };
    },

    listNames: (ids) => visible(ids).select(['id', 'name']).orderBy('id').execute(),

    async update(project) {
      const { id, ...columns } = toRow(project);
      await db.updateTable('projects').set(columns).where('id', '=', id).execute();
    },

    async delete(id, at) {
      await db.updateTable('projects').set({ deleted_at: at }).where('id', '=', id).execute();
    },

    async list(only, slice, own) {
      const query = visible(only).selectAll().select(keyCount(own));
      const rows = await newestFirst(query, 'projects.id', slice.from?.id ?? null, slice).execute();
      return rows.map((row) => ({ ...fromRow(row), keyCount: Number(row.key_count) }));
    },

    count: (only, max) => countUpTo(db, visible(only), max),
  };
}

const lockShared = 'SELECT * FROM projects WHERE id = $1 AND deleted_at IS NULL FOR SHARE';
const lockForUpdate = 'SELECT * FROM projects WHERE id = $1 AND deleted_at IS NULL FOR UPDATE';

const keyCount = (own: OwnKeys | null = null) => countOfKeys('project', own).as('key_count');

function toRow(project: StoredProject): Omit<Selectable<Schema['projects']>, 'deleted_at'> {
  return {
    id: project.id,
    name: project.name,
    preset: project.preset,
    policy: JSON.stringify(project.policy),
    wording: JSON.stringify(project.wording),
    created_at: project.createdAt,
  };
}

function fromRow(row: Selectable<Schema['projects']>): StoredProject {
  return {
    id: row.id,
    name: row.name,
    preset: row.preset as StoredProject['preset'],
    policy: JSON.parse(row.policy),
    wording: JSON.parse(row.wording),
    createdAt: row.created_at,
  };
}
