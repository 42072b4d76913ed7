import type { Kysely } from 'kysely';
import type { Stores } from '../domain/context.ts';
import { createAccountStore } from './account-store.ts';
import { createAuthRecordStore } from './auth-record-store.ts';
import { createAuthorityStore } from './authority-store.ts';
import { createChannelStore } from './channel-store.ts';
import { translateError } from './database-error.ts';
import type { Engine } from './engine.ts';
import { createIdempotencyStore } from './idempotency-store.ts';
import { createImportStore } from './import-store.ts';
import { createInstanceStore } from './instance-store.ts';
import { createInvitationStore } from './invitation-store.ts';
import { createKeyLists } from './key-list.ts';
import { createKeyStore } from './key-store.ts';
import { createLedgerStore } from './ledger-store.ts';
import { createLinkStore } from './link-store.ts';
import { createMemberStore } from './member-store.ts';
import { createPasskeyStore } from './passkey-store.ts';
import { createPersonalDataStore } from './personal-data-store.ts';
import { createProjectStore } from './project-store.ts';
import { createQuotaStore } from './quota-store.ts';
import { createRefusalStore } from './refusal-store.ts';
import type { Schema } from './schema.ts';
import { createSecondFactorStore } from './second-factor-store.ts';
import { createServiceKeyStore } from './service-key-store.ts';
import { createRun } from './statement.ts';
import { createUsageStore } from './usage-store.ts';

/**
 * All stores on one connection, transaction or pool.
 * @param run sends the statements that are written out; by default the same way as the others
 */
export function createStores(db: Kysely<Schema>, engine: Engine, run = createRun(db, engine)): Stores {
  return {
    projects: createProjectStore(db, run),
    channels: createChannelStore(db, engine),
    keys: { ...createKeyStore(db, run), ...createKeyLists(db, engine) },
    quotas: createQuotaStore(run),
    imports: createImportStore(run),
    idempotency: createIdempotencyStore(run, engine),
    serviceKeys: createServiceKeyStore(db, engine),
    ledger: createLedgerStore(db, engine, run),
    authority: createAuthorityStore(run),
    members: createMemberStore(db, engine, run),
    invitations: createInvitationStore(db, run),
    accounts: createAccountStore(db, engine, run),
    links: createLinkStore(run),
    authRecords: createAuthRecordStore(db),
    secondFactors: createSecondFactorStore(db, engine),
    passkeys: createPasskeyStore(db),
    instance: createInstanceStore(db, engine),
    usage: createUsageStore(db, run, engine),
    refusals: createRefusalStore(db, run, engine),
    personalData: createPersonalDataStore(db, engine),
  };
}

/** The stores, with the database's failures told in the contract's words. */
export function withTranslatedErrors(stores: Stores): Stores {
  const entries = Object.entries(stores).map(([name, store]) => [name, guard(store)]);
  return Object.fromEntries(entries) as Stores;
}

function guard<S extends object>(store: S): S {
  const guarded: Record<string, unknown> = {};
  for (const [name, method] of Object.entries(store)) {
    guarded[name] = async (...parameters: unknown[]) => {
      try {
        return await method(...parameters);
      } catch (error) {
        throw translateError(error);
      }
    };
  }
  return guarded as S;
}
