import type { Instance } from '@keywright/contract';
import type { Kysely, Selectable } from 'kysely';
import type { InstanceStore } from '../accounts/instance-store.ts';
import { secretHashBytes, secretHashFrom } from '../keys/secret-format.ts';
import type { Engine } from './engine.ts';
import { locked } from './query.ts';
import type { Schema } from './schema.ts';

/** @see InstanceStore */
export function createInstanceStore(db: Kysely<Schema>, engine: Engine): InstanceStore {
  const row = () => db.selectFrom('instance').selectAll();
  return {
    find: async () => fromRow(await row().executeTakeFirstOrThrow()),
    lock: async (mode) => fromRow(await locked(row(), engine, mode).executeTakeFirstOrThrow()),

    async update({ name, signup, signupProjectId, supportUrl, docsUrl }) {
      await db
        .updateTable('instance')
        .set({
          name,
          signup,
          signup_project_id: signupProjectId,
          support_url: supportUrl,
          docs_url: docsUrl,
        })
        .execute();
    },

    async findSetupToken() {
      const { setup_token_sha256: hash } = await row().executeTakeFirstOrThrow();
      return hash === null ? null : secretHashFrom(hash);
    },

    async setSetupToken(token) {
      const hash = token === null ? null : secretHashBytes(token);
      await db.updateTable('instance').set({ setup_token_sha256: hash }).execute();
    },
  };
}

function fromRow(row: Selectable<Schema['instance']>): Instance {
  return {
    name: row.name,
    signup: row.signup as Instance['signup'],
    signupProjectId: row.signup_project_id,
    supportUrl: row.support_url,
    docsUrl: row.docs_url,
  };
}
