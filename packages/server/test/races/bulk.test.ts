import { expect, test } from 'vitest';
import { createChannel } from '../../src/channels/create-channel.ts';
import { deleteChannel } from '../../src/channels/delete-channel.ts';
import { bulkKeys } from '../../src/keys/bulk-keys.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { identifyKey } from '../../src/keys/identify-key.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { hashSecret, secretHashBytes } from '../../src/keys/secret-format.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { insertMember } from '../support/accounts.ts';
import { createDatabase, forEachEngine } from '../support/engines.ts';
import { hold, holdRows } from '../support/hold.ts';
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
  async function start(keyCount: number) {
    const place = await createPlace();
    const storage = countAttempts(await place.open());
    const engine = await startEngine(storage);
    const { id: projectId } = await createProject(engine.context, admin, { name: 'P', preset: 'channels' });
    const made = [];
    for (let i = 0; i < keyCount; i++) {
      made.push(await createKey(engine.context, admin, projectId, { name: `Key ${i}` }));
    }
    storage.counts.changes = storage.counts.attempts = 0;
    return { place, storage, engine, projectId, made, ids: made.map(({ key }) => key.id) };
  }

  test('two in opposite order, and single changes between them, never deadlock', async () => {
    const { place, storage, engine, projectId, made, ids } = await start(20);
    const { context } = engine;
    const release = await hold(
      place,
      storage,
      `SELECT 1 FROM keys WHERE id IN ('${ids[0]}', '${ids[19]}') FOR UPDATE`,
    );
    const changes = [
      bulkKeys(context, admin, projectId, { action: 'revoke', keyIds: ids }),
      bulkKeys(context, admin, projectId, { action: 'delete', keyIds: ids.toReversed() }),
      bulkKeys(context, admin, projectId, { action: 'deactivate', keyIds: [...ids].sort(() => -1) }),
      revokeKey(context, admin, ids[19] ?? '', null).catch((error) => codeOf(error)),
      revokeKey(context, admin, ids[0] ?? '', null).catch((error) => codeOf(error)),
    ];
    await untilBlocked(place, 5);
    await release();
    await Promise.all(changes);
    // A deadlock would have been broken by the database, and its victim tried once more.
    expect(storage.counts.attempts).toBe(storage.counts.changes);
    for (const { secret } of made) expect(await engine.verify(secret)).toBe('not_found');
    await expectIntactLedger(engine);
  });

  test('a member changes its own keys only, and others’ are not found', async () => {
    const { place, engine, projectId, ids } = await start(1);
    const member = await insertMember(place, projectId, 'member');
    const other = await insertMember(place, projectId, 'owner');
    const own = await createKey(engine.context, member, projectId, {});
    const others = await createKey(engine.context, other, projectId, { ownerId: other.id });
    const keyIds = [others.key.id, own.key.id, ids[0] ?? ''];
    for (const action of ['deactivate', 'activate', 'revoke', 'delete'] as const) {
      const { results } = await bulkKeys(engine.context, member, projectId, { action, keyIds });
      expect(results, action).toEqual([
        { keyId: keyIds[0], ok: false, code: 'not_found' },
        { keyId: keyIds[1], ok: true },
        { keyId: keyIds[2], ok: false, code: 'not_found' },
      ]);
    }
    expect(await engine.verify(others.secret)).toBe('valid');
    const { results } = await bulkKeys(engine.context, other, projectId, { action: 'revoke', keyIds });
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
  });

  test('a member identifies its own keys only; who is no member sees that nothing is there', async () => {
    const { place, engine, projectId } = await start(0);
    const member = await insertMember(place, projectId, 'member');
    const operator = await insertMember(place, projectId, 'operator');
    const { id: elsewhere } = await createProject(engine.context, admin, { name: 'Q', preset: 'channels' });
    const stranger = await insertMember(place, elsewhere, 'owner');
    const own = await createKey(engine.context, member, projectId, {});
    const others = await createKey(engine.context, operator, projectId, { ownerId: 'somebody' });
    const hashOf = (secret: typeof own.secret) =>
      secretHashBytes(hashSecret(secret.reveal())).toString('hex');
    const identify = (caller: typeof member, secret: typeof own.secret) =>
      identifyKey(engine.context, caller, hashOf(secret)).then(({ key }) => key.id, codeOf);
    expect(await identify(member, own.secret)).toBe(own.key.id);
    expect(await identify(member, others.secret)).toBe('not_found');
    expect(await identify(operator, own.secret)).toBe(own.key.id);
    expect(await identify(stranger, own.secret)).toBe('not_found');
  });
});

test('on PostgreSQL keys are locked by id, wherever their rows lie, as other changes of many keys do', async () => {
  const place = await createDatabase();
  const storage = countAttempts(await place.open());
  const { context } = await startEngine(storage);
  const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'channels' });
  const channel = await createChannel(context, admin, projectId, { slug: 'maps', name: 'Maps' });
  const [first, second] = await storage.transaction(async (stores) => {
    const expired = { projectId, channelId: channel.id, expiresAt: 1 };
    const keys = [
      await insertKey(stores, { ...expired, id: 'key_1' }),
      await insertKey(stores, { ...expired, id: 'key_2' }),
    ];
    return keys.map(({ id }) => id) as [string, string];
  });
  // Its row now lies behind the other's, and of so few PostgreSQL reads all as they lie.
  await place.query(`UPDATE keys SET name = 'Moved' WHERE id = '${first}'`);
  await place.query('ANALYZE keys');
  const release = await holdRows(place, `SELECT 1 FROM keys WHERE id = '${second}' FOR UPDATE`);
  storage.counts.changes = storage.counts.attempts = 0;
  const changing = bulkKeys(context, admin, projectId, { action: 'revoke', keyIds: [second, first] });
  await untilBlocked(place, 1);
  const deleting = deleteChannel(context, admin, channel.id);
  await untilBlocked(place, 2);
  await release();
  expect(await tally([changing, deleting])).toEqual({ succeeded: 2 });
  expect(storage.counts).toEqual({ changes: 2, attempts: 2 });
});
