import {
  type Channel,
  endpoints,
  type Key,
  type LedgerRow,
  type Project,
  type ServiceKeyScope,
  serviceKeyScopes,
} from '@keywright/contract';
import { afterAll, beforeAll, describe, inject, vi } from 'vitest';
import { createTestDatabase } from '../../../../test-support/database.ts';
import type { Engine } from '../../src/storage/engine.ts';
import { type BodyOf, type Client, client } from './client.ts';
import { type RunningService, type ServiceOptions, startService } from './running-service.ts';

/** A service key as a test uses it. */
export interface ServiceKeyClient extends Client {
  id: string;
  secret: string;
}

/** A running service with an empty database, and what most tests do with it. */
export class Installation {
  readonly engine: Engine;
  #service: RunningService | null = null;
  #count = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  use(service: RunningService): void {
    this.#service = service;
  }

  get service(): RunningService {
    if (this.#service === null)
      throw new Error('The service is started by beforeAll; use it inside tests only.');
    return this.#service;
  }

  get url(): string {
    return this.service.url;
  }

  /** May do everything, in the whole instance. */
  get admin(): Client {
    return this.as(this.service.bootstrapKey);
  }

  /** @param key null: without a credential */
  as(key: string | null): Client {
    return client(this.url, key);
  }

  /** A name that no other test of this installation has: lower case, digits and dashes. */
  uniqueName(start: string): string {
    this.#count++;
    return `${start}-${this.#count}`;
  }

  createProject(body: Partial<BodyOf<'createProject'>> = {}): Promise<Project> {
    return this.admin.call('createProject', { body: { name: this.uniqueName('Project'), ...body } });
  }

  /** @param projectId null: for the whole instance */
  async createServiceKey(
    projectId: string | null,
    scopes: readonly ServiceKeyScope[] = serviceKeyScopes,
  ): Promise<ServiceKeyClient> {
    const body = { name: this.uniqueName('Service key'), projectId, scopes: [...scopes] };
    const { serviceKey, secret } = await this.admin.call('createServiceKey', { body });
    return { ...this.as(secret), id: serviceKey.id, secret };
  }

  /** Who makes the keys that are asked for; null: the administrator. */
  keyMaker: Client | null = null;

  createKey(projectId: string, body: BodyOf<'createKey'> = {}): Promise<{ key: Key; secret: string }> {
    return (this.keyMaker ?? this.admin).call('createKey', { params: { projectId }, body });
  }

  /** Makes a key that expires in a moment, and waits for it. */
  async createExpired(
    projectId: string,
    body: BodyOf<'createKey'> = {},
    lifetimeMs = 400,
  ): Promise<{ key: Key; secret: string }> {
    const expiresAt = new Date(Date.now() + lifetimeMs).toISOString();
    const { status, json } = await this.admin.send('createKey', {
      params: { projectId },
      body: { ...body, expiresAt },
    });
    // On a machine that has much to do the moment may have passed before the request was read.
    if (status === 400 && lifetimeMs < 10_000) return this.createExpired(projectId, body, lifetimeMs * 2);
    const { key, secret } = endpoints.createKey.answer.parse(json);
    const find = () => this.admin.call('getKey', { params: { keyId: key.id } });
    await vi.waitUntil(async () => (await find()).status === 'expired', { timeout: 15_000, interval: 50 });
    return { key: await find(), secret };
  }

  createChannel(projectId: string, body: Partial<BodyOf<'createChannel'>> = {}): Promise<Channel> {
    const slug = this.uniqueName('channel');
    return this.admin.call('createChannel', { params: { projectId }, body: { slug, name: slug, ...body } });
  }

  /** The ledger's rows after a row, oldest first. */
  async ledgerSince(seq: number): Promise<LedgerRow[]> {
    const { items } = await this.admin.call('listLedger', { query: { limit: 100 } });
    return items.filter((row) => row.seq > seq).reverse();
  }

  /** The number of the ledger's last row. */
  async ledgerHead(): Promise<number> {
    const { items } = await this.admin.call('listLedger', { query: { limit: 1 } });
    return items[0]?.seq ?? 0;
  }

  /** What it logged with level error or fatal. */
  errorLines(): string[] {
    const lines = this.service.logs().split('\n');
    return lines.filter((line) => /"level":"(error|fatal)"/.test(line));
  }
}

/** Runs the same tests on both engines, each against a service of its own that all tests of the block share. */
export function onBothEngines(define: (at: Installation) => void, options: ServiceOptions = {}): void {
  describe.each(['sqlite', 'postgres'] as const)('%s', (engine) =>
    shareInstallation(engine, define, options),
  );
}

/** Tests of what lies before any storage, against a service that all tests of the block share. */
export function onOneEngine(define: (at: Installation) => void, options: ServiceOptions = {}): void {
  describe('sqlite', () => shareInstallation('sqlite', define, options));
}

function shareInstallation(
  engine: Engine,
  define: (at: Installation) => void,
  options: ServiceOptions,
): void {
  const at = new Installation(engine);
  let cleanUp = async () => {};
  beforeAll(async () => {
    const database = engine === 'postgres' ? await createTestDatabase(inject('postgresUrl')) : null;
    cleanUp = async () => database?.drop();
    const service = await startService({ ...options, databaseUrl: database?.url });
    cleanUp = async () => {
      await service.stop();
      await database?.drop();
    };
    at.use(service);
  });
  afterAll(() => cleanUp());
  define(at);
}
