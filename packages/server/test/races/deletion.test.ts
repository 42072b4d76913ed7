import { expect, test } from 'vitest';
import { createChannel } from '../../src/channels/create-channel.ts';
import { deleteChannel } from '../../src/channels/delete-channel.ts';
import { updateChannel } from '../../src/channels/update-channel.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { deleteKey } from '../../src/keys/delete-key.ts';
import { updateKey } from '../../src/keys/update-key.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { deleteProject } from '../../src/projects/delete-project.ts';
import { createServiceKey } from '../../src/service-keys/create-service-key.ts';
import { forEachEngine } from '../support/engines.ts';
import { hold } from '../support/hold.ts';
import { insertKey } from '../support/records.ts';
import {
  admin,
  codeOf,
  countAttempts,
  expectIntactLedger,
  startEngine,
  tally,
} from '../support/running-engine.ts';
import { untilBlocked } from '../support/waiting.ts';

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    const storage = countAttempts(await place.open());
    const engine = await startEngine(storage);
    const { context } = engine;
    const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
    const makeChannel = async (slug: string) =>
      (await createChannel(context, admin, projectId, { slug, name: slug })).id;
    return { place, storage, engine, context, projectId, makeChannel };
  }

  const lockChannel = (id: string) => `SELECT 1 FROM channels WHERE id = '${id}' FOR UPDATE`;
  const lockProject = (id: string) => `SELECT 1 FROM projects WHERE id = '${id}' FOR UPDATE`;
  const lockKey = (id: string) => `SELECT 1 FROM keys WHERE id = '${id}' FOR UPDATE`;

  test('no key that counts is ever bound to a deleted channel', async () => {
    const { place, engine, context, projectId, makeChannel } = await start();
    for (let round = 0; round < 5; round++) {
      const channelId = await makeChannel(`round-${round}`);
      const release = await hold(place, engine.storage, lockChannel(channelId));
      const changes = Array.from({ length: 5 }, (_, index) =>
        index === round
          ? deleteChannel(context, admin, channelId)
          : createKey(context, admin, projectId, { channelId, name: `${round} ${index}` }),
      );
      const outcome = tally(changes);
      await untilBlocked(place, 5);
      await release();
      const { keys, channels } = engine.storage.stores;
      const bound = await keys.countBoundToChannel(channelId, 10, Date.now());
      const expected =
        (await outcome).channel_in_use === undefined
          ? { outcome: { succeeded: 1, validation_failed: 4 }, bound: 0, exists: false }
          : { outcome: { succeeded: 4, channel_in_use: 1 }, bound: 4, exists: true };
      const exists = (await channels.find(channelId)) !== null;
      expect({
        outcome: await outcome,
        bound: await keys.countBoundToChannel(channelId, 10, Date.now()),
        exists,
      }).toEqual(expected);
      expect(bound === 0 || exists).toBe(true);
    }
    await expectIntactLedger(engine);
  });

  test('an expired key is either revived or revoked with its channel', async () => {
    const { place, storage, engine, context, projectId, makeChannel } = await start();
    for (const isDeletedFirst of [true, false]) {
      const channelId = await makeChannel(`first-${isDeletedFirst}`);
      const { id } = await engine.storage.transaction((stores) =>
        insertKey(stores, { projectId, channelId, ownerId: 'o', name: `${isDeletedFirst}`, expiresAt: 1 }),
      );
      const release = await hold(place, engine.storage, lockChannel(channelId));
      const deletion = () => deleteChannel(context, admin, channelId);
      const revival = () => updateKey(context, admin, id, { expiresAt: Date.now() + 60_000 });
      const first = isDeletedFirst ? deletion() : revival();
      await untilBlocked(place, 1);
      const second = isDeletedFirst ? revival() : deletion();
      await untilBlocked(place, 2);
      await release();
      const outcome = await tally([first, second]);
      const key = await engine.storage.stores.keys.find(id, Date.now());
      const exists = (await engine.storage.stores.channels.find(channelId)) !== null;
      expect([
        { outcome: { succeeded: 1, key_revoked: 1 }, status: 'revoked', exists: false },
        { outcome: { succeeded: 1, channel_in_use: 1 }, status: 'active', exists: true },
      ]).toContainEqual({ outcome, status: key?.status, exists });
    }
    expect(storage.counts.attempts, 'nothing had to be tried again').toBe(storage.counts.changes);
  });

  test('a key that is deleted while its channel is stays deleted', async () => {
    const { place, engine, context, projectId, makeChannel } = await start();
    for (const isChannelFirst of [true, false]) {
      const channelId = await makeChannel(`first-${isChannelFirst}`);
      const { id } = await engine.storage.transaction((stores) =>
        insertKey(stores, { projectId, channelId, expiresAt: 1 }),
      );
      const release = await hold(place, engine.storage, lockKey(id));
      const changes = [() => deleteChannel(context, admin, channelId), () => deleteKey(context, admin, id)];
      const begun: Promise<unknown>[] = [];
      for (const change of isChannelFirst ? changes : changes.reverse()) {
        begun.push(change());
        await untilBlocked(place, begun.length);
      }
      await release();
      expect(await tally(begun)).toEqual({ succeeded: 2 });
      expect(await engine.storage.stores.keys.find(id, Date.now())).toBeNull();
      const slice = { from: null, direction: 'next', limit: 100 } as const;
      expect(
        await engine.storage.stores.keys.list({ projectId, channelId }, 'createdAt', slice, Date.now()),
      ).toEqual([]);
      const rows = await engine.storage.stores.ledger.list({ subject: id }, slice);
      expect(rows[0]?.action).toBe('key.deleted');
    }
  });

  test('the keys of a deleted project are all dead, whenever they were made', async () => {
    const { place, engine, context } = await start();
    for (let round = 0; round < 3; round++) {
      const { id: projectId } = await createProject(context, admin, {
        name: `P${round}`,
        preset: 'standard',
      });
      const release = await hold(place, engine.storage, lockProject(projectId));
      const creates: ReturnType<typeof createKey>[] = [];
      const serviceKeys: ReturnType<typeof createServiceKey>[] = [];
      const others: Promise<unknown>[] = [];
      for (let index = 0; index < 3; index++) {
        if (index === round) others.push(deleteProject(context, admin, projectId));
        creates.push(createKey(context, admin, projectId, {}));
        serviceKeys.push(createServiceKey(context, admin, { name: 'S', projectId, scopes: ['verify'] }));
        others.push(createChannel(context, admin, projectId, { slug: `p${round}-${index}`, name: 'C' }));
      }
      const outcome = tally([...creates, ...serviceKeys, ...others]);
      await untilBlocked(place, 5);
      await release();
      const { succeeded = 0, not_found: refused = 0 } = await outcome;
      expect(succeeded + refused).toBe(10);
      for (const created of await Promise.allSettled(creates)) {
        if (created.status === 'fulfilled')
          expect(await engine.verify(created.value.secret)).toBe('not_found');
      }
      for (const created of await Promise.allSettled(serviceKeys)) {
        if (created.status === 'rejected') continue;
        const authorization = `Bearer ${created.value.secret.reveal()}`;
        const code = await Promise.resolve()
          .then(() => engine.authenticator.authenticate(authorization))
          .then(({ id }) => id, codeOf);
        expect(code).toBe('unauthenticated');
      }
      // Nothing happens in a project after its deletion.
      const slice = { from: null, direction: 'next', limit: 1 } as const;
      const [last] = await engine.storage.stores.ledger.list({ projectId }, slice);
      expect(last?.action).toBe('project.deleted');
    }
    await expectIntactLedger(engine);
  });

  test('a channel of a project that is being deleted is changed before that or not at all', async () => {
    const { place, engine, context } = await start();
    for (const change of [
      (id: string) => deleteChannel(context, admin, id),
      (id: string) => updateChannel(context, admin, id, { name: 'New' }),
    ]) {
      const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
      const channel = await createChannel(context, admin, projectId, {
        slug: projectId.slice(-20),
        name: 'C',
      });
      const release = await hold(place, engine.storage, lockProject(projectId));
      const deleting = deleteProject(context, admin, projectId);
      await untilBlocked(place, 1);
      const changing = change(channel.id);
      await untilBlocked(place, 2);
      await release();
      await tally([deleting, changing]);
      const slice = { from: null, direction: 'next', limit: 1 } as const;
      const [last] = await engine.storage.stores.ledger.list({ projectId }, slice);
      expect(last?.action).toBe('project.deleted');
    }
  });

  // Nobody can end a change, but all can go as far as that: who checked without a lock has checked by then.
  const lockHead = 'SELECT 1 FROM ledger_head FOR UPDATE';

  test('of eight channels with one slug in two projects one is made', async () => {
    const { place, storage, context, projectId } = await start();
    const { id: otherId } = await createProject(context, admin, { name: 'Q', preset: 'standard' });
    for (const slug of ['first', 'second']) {
      const release = await hold(place, storage, lockHead);
      const creates = Array.from({ length: 8 }, (_, index) =>
        createChannel(context, admin, index % 2 === 0 ? projectId : otherId, { slug, name: 'C' }),
      );
      const outcome = tally(creates);
      await untilBlocked(place, 8);
      await release();
      expect(await outcome).toEqual({ succeeded: 1, slug_taken: 7 });
    }
    expect(storage.counts.attempts).toBe(storage.counts.changes);
  });

  test('of channels of a project that are renamed to one released slug one gets it', async () => {
    const { place, storage, context, makeChannel } = await start();
    const ids: string[] = [];
    for (let index = 0; index < 6; index++) ids.push(await makeChannel(`channel-${index}`));
    await deleteChannel(context, admin, ids.shift() ?? '');
    const release = await hold(place, storage, lockHead);
    const renames = tally(ids.map((id) => updateChannel(context, admin, id, { slug: 'channel-0' })));
    await untilBlocked(place, 5);
    await release();
    expect(await renames).toEqual({ succeeded: 1, slug_taken: 4 });
    // Two that want each other's slug: neither gets it, and neither waits for ever.
    const [a, b] = [await makeChannel('a-slug'), await makeChannel('b-slug')];
    const swap = [
      updateChannel(context, admin, a, { slug: 'b-slug' }),
      updateChannel(context, admin, b, { slug: 'a-slug' }),
    ];
    expect(await tally(swap)).toEqual({ slug_taken: 2 });
    expect(storage.counts.attempts).toBe(storage.counts.changes);
  });
});
