import type { Engine } from '../engine.ts';

/**
 * What finds the expired keys in order of creation: the keys that expire within the same 30 days stand together. SQLite
 * does not see that keys of such an index are not deleted: there it is in the index too.
 */
export function expiredKeys(engine: Engine): string[] {
  const isDeleted = engine === 'sqlite' ? ', deleted_at' : '';
  return [
    `CREATE INDEX keys_project_expired
       ON keys (project_id, (expires_at / 2592000000), id, status, expires_at${isDeleted})
       WHERE deleted_at IS NULL AND expires_at IS NOT NULL`,
  ];
}
