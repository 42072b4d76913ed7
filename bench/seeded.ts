import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChannel } from '../packages/server/src/channels/create-channel.ts';
import type { Context } from '../packages/server/src/domain/context.ts';
import { createEngine } from '../packages/server/src/engine.ts';
import { createUpstreamGuard } from '../packages/server/src/gateway/upstream-address.ts';
import { createProject } from '../packages/server/src/projects/create-project.ts';
import type { Engine } from '../packages/server/src/storage/engine.ts';
import { openPostgres } from '../packages/server/src/storage/postgres.ts';
import { openSqlite } from '../packages/server/src/storage/sqlite.ts';
import { startPostgres } from '../test-support/postgres-server.ts';
import { type SeedPlace, seed } from './seed.ts';
import { caller, silent } from './workshop.ts';

/** A database of made-up keys, all in one project. */
export interface Seeded extends SeedPlace {
  count: number;
  context: Context;
  /** Ends what works on it and starts it anew: milliseconds until it may answer. */
  restart(): Promise<number>;
  close(): Promise<void>;
}

/** Makes a database with `count` made-up keys, which for a million takes a minute or two. */
export async function openSeeded(engine: Engine, count: number): Promise<Seeded> {
  const { location, remove } = await makeLocation(engine);
  const open = () => openEngine(location);
  const place = await fillLocation(location, count);
  let running = await open();
  return {
    ...place,
    count,
    get context() {
      return running.context;
    },
    async restart() {
      await running.close();
      const start = performance.now();
      running = await open();
      return performance.now() - start;
    },
    async close() {
      await running.close();
      await remove();
    },
  };
}

/** Makes a project with `count` made-up keys in an empty database. */
export async function fillLocation(location: string, count: number): Promise<SeedPlace> {
  const { context, close } = await openEngine(location);
  const place = await makePlace(context);
  await close();
  await seed(location, place, count, caller);
  return place;
}

/** Opens a SQLite directory or a PostgreSQL address as the service does. */
export async function openEngine(location: string) {
  const storage = await (location.startsWith('postgres')
    ? openPostgres({ url: location, onIdleError() {} })
    : openSqlite(location));
  const { context, heartbeat } = createEngine(storage, silent, createUpstreamGuard([]));
  await heartbeat.start();
  const close = () => heartbeat.stop().then(() => storage.close());
  return { context, close };
}

/** An empty place for a database, and how to take it away. */
export async function makeLocation(engine: Engine): Promise<{ location: string; remove(): Promise<void> }> {
  if (engine === 'postgres') {
    const server = await startPostgres();
    return { location: server.url, remove: () => server.stop() };
  }
  const directory = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
  return { location: directory, remove: async () => rmSync(directory, { recursive: true, force: true }) };
}

/** A project with the channels that made-up keys name. */
export async function makePlace(context: Context): Promise<SeedPlace> {
  const { id: projectId } = await createProject(context, caller, { name: 'Bench', preset: 'standard' });
  const channelIds: string[] = [];
  for (const slug of ['maps', 'geo', 'rare']) {
    channelIds.push((await createChannel(context, caller, projectId, { slug, name: slug })).id);
  }
  return { projectId, channelIds };
}
