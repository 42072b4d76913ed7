import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceKeyScopes } from '@keywright/contract';
import type { ServiceKeyCaller } from '../packages/server/src/domain/caller.ts';
import { createEngine } from '../packages/server/src/engine.ts';
import { createUpstreamGuard } from '../packages/server/src/gateway/upstream-address.ts';
import { createKey } from '../packages/server/src/keys/create-key.ts';
import { createProject } from '../packages/server/src/projects/create-project.ts';
import { openPostgres } from '../packages/server/src/storage/postgres.ts';
import { openSqlite } from '../packages/server/src/storage/sqlite.ts';
import { startPostgres } from '../test-support/postgres-server.ts';

export const caller: ServiceKeyCaller = {
  type: 'service_key',
  id: 'svc_bench',
  name: 'Bench',
  projectId: null,
  scopes: new Set(serviceKeyScopes),
};

export const silent = { info() {}, warn() {}, error() {} };

/** A database with a project in it, and the engine that works on it. */
export interface Workshop {
  engine: ReturnType<typeof createEngine>;
  projectId: string;
  /** The SQLite directory, or the PostgreSQL address. */
  location: string;
  /** Makes keys, many at a time, and answers their secrets. */
  createKeys(count: number): Promise<string[]>;
  close(): Promise<void>;
}

export async function openSqliteWorkshop(): Promise<Workshop> {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
  const storage = await openSqlite(directory);
  return setUp(storage, directory, async () => rmSync(directory, { recursive: true, force: true }));
}

export async function openPostgresWorkshop(): Promise<Workshop> {
  const server = await startPostgres();
  const storage = await openPostgres({ url: server.url, onIdleError() {} });
  return setUp(storage, server.url, () => server.stop());
}

type OpenStorage = Awaited<ReturnType<typeof openSqlite>>;

async function setUp(
  storage: OpenStorage,
  location: string,
  cleanUp: () => Promise<void>,
): Promise<Workshop> {
  const engine = createEngine(storage, silent, createUpstreamGuard([]));
  await engine.heartbeat.start();
  const project = await createProject(engine.context, caller, { name: 'Bench', preset: 'standard' });
  return {
    engine,
    projectId: project.id,
    location,
    async createKeys(count) {
      const secrets: string[] = [];
      for (let made = 0; made < count; made += 100) {
        const portion = Array.from({ length: Math.min(100, count - made) }, (_, i) =>
          createKey(engine.context, caller, project.id, {
            name: `Key ${made + i}`,
            ownerId: `owner-${made + i}`,
          }),
        );
        for (const { secret } of await Promise.all(portion)) secrets.push(asSent(secret.reveal()));
      }
      return secrets;
    },
    async close() {
      await engine.heartbeat.stop();
      await storage.close();
      await cleanUp();
    },
  };
}

/** A string as a request brings it: new, flat, not put together from parts, and written a moment ago. */
export function asSent(secret: string): string {
  return JSON.parse(JSON.stringify(secret)) as string;
}
