import { expect, onTestFinished, test } from 'vitest';
import { createChannel } from '../../src/channels/create-channel.ts';
import { DomainError } from '../../src/domain/error.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { deleteKey } from '../../src/keys/delete-key.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { switchKey } from '../../src/keys/switch-key.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { openPostgres } from '../../src/storage/postgres.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { startCommitCutter } from '../support/commit-cutter.ts';
import { createDatabase, forEachEngine } from '../support/engines.ts';
import { admin, startEngine } from '../support/running-engine.ts';
import { until } from '../support/waiting.ts';

forEachEngine((createPlace) => {
  test('a revocation does not return before its row was applied, however often reading it fails', async () => {
    const storage = await (await createPlace()).open();
    const failing = withFailingTail(storage);
    const engine = await startEngine(failing.storage);
    const { context } = engine;
    const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
    const { key, secret } = await createKey(context, admin, projectId, {});
    expect(await engine.verify(secret)).toBe('valid');
    failing.times = 6;
    const { propagation } = await revokeKey(context, admin, key.id, null);
    expect(failing.times).toBe(0);
    expect(propagation).toMatchObject({ nodes: 1, acknowledged: 1 });
    expect(await engine.verify(secret)).toBe('revoked');
  });

  test('a wake-up that got lost is made up for by the next heartbeat', async () => {
    const storage = await (await createPlace()).open();
    const engine = await startEngine(storage);
    const { context } = engine;
    const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
    const { key, secret } = await createKey(context, admin, projectId, {});
    expect(await engine.verify(secret)).toBe('valid');
    // As another process would: past the one that follows.
    const other = await startEngine({ ...storage, node: boundMethods(storage.node) });
    await switchKey(other.context, admin, key.id, 'inactive');
    await until(async () => (await engine.verify(secret)) === 'inactive', 'the change was noticed');
  });

  test('a ledger that is not the one that was followed is noticed, forgotten, and followed from its head', async () => {
    const place = await createPlace();
    const engine = await startEngine(await place.open());
    const { context } = engine;
    const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
    await createChannel(context, admin, projectId, { slug: 'maps', name: 'C' });
    const { key, secret } = await createKey(context, admin, projectId, {});
    const { seq } = engine.follower.applied;
    const [saved] = await place.query<{ hash: Buffer }>('SELECT hash FROM ledger_head');
    await switchKey(context, admin, key.id, 'inactive');
    for (let i = 0; i < 4; i++)
      await createChannel(context, admin, projectId, { slug: `later-${i}`, name: 'C' });
    expect(await engine.verify(secret, { channel: 'maps' })).toBe('inactive');

    // A backup from before the switch is put in its place.
    const hash = saved?.hash.toString('hex') ?? '';
    for (const statement of [
      `DELETE FROM ledger_private WHERE seq > ${seq}`,
      `DELETE FROM ledger WHERE seq > ${seq}`,
      `UPDATE ledger_head SET seq = ${seq}, hash = ${place.engine === 'sqlite' ? `x'${hash}'` : `'\\x${hash}'`}`,
      `UPDATE keys SET status = 'active'`,
      `DELETE FROM channels WHERE slug <> 'maps'`,
    ]) {
      await place.query(statement);
    }
    await until(() => engine.follower.applied.seq === seq, 'the other ledger was noticed');
    expect(await engine.verify(secret, { channel: 'maps' })).toBe('valid');
    const { propagation } = await revokeKey(context, admin, key.id, null);
    expect(propagation).toMatchObject({ acknowledged: 1 });
    expect(propagation.elapsedMs).toBeLessThan(1000);
    expect(await engine.verify(secret, { channel: 'maps' })).toBe('revoked');
  });
});

test('a deletion whose answer got lost is followed at once: who deletes again is told that there is nothing', async () => {
  const way = await startCommitCutter((await createDatabase()).location);
  const storage = await openPostgres({ url: way.url, onIdleError() {} });
  onTestFinished(() => storage.close());
  let beats = 0;
  // After the first one, which opens the fence, none comes that would follow it too.
  const beat = (seq: number) => (++beats === 1 ? storage.node.beat(seq) : Promise.reject(new Error('late')));
  const engine = await startEngine({ ...storage, node: { ...boundMethods(storage.node), beat } });
  const { context } = engine;
  const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
  const { key, secret } = await createKey(context, admin, projectId, {});
  expect(await engine.verify(secret)).toBe('valid');

  way.loseNextCommit();
  await expect(deleteKey(context, admin, key.id)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(deleteKey(context, admin, key.id)).rejects.toMatchObject({ code: 'not_found' });
  expect(await engine.verify(secret)).toBe('not_found');
  expect(engine.fence.isOpen()).toBe(true);
});

/** A storage whose next `times` reads of what is new fail, as when the connection just broke. */
function withFailingTail(storage: Storage) {
  const failing = {
    times: 0,
    storage: {
      ...storage,
      node: {
        ...boundMethods(storage.node),
        tail(seq: number, limit: number) {
          if (failing.times === 0) return storage.node.tail(seq, limit);
          failing.times--;
          const error = new DomainError('unavailable');
          if (storage.engine === 'sqlite') throw error;
          return Promise.reject(error);
        },
      },
    },
  };
  return failing;
}

function boundMethods(node: Storage['node']): Storage['node'] {
  return {
    register: () => node.register(),
    beat: (seq) => node.beat(seq),
    tail: (seq, limit) => node.tail(seq, limit),
    head: () => node.head(),
  };
}
