import { randomBytes } from 'node:crypto';
import type { ImportedKey } from '@keywright/contract';
import { expect, test } from 'vitest';
import { createKey } from '../../src/keys/create-key.ts';
import { importKeys } from '../../src/keys/import-keys.ts';
import { hashSecret, Secret, secretHashBytes } from '../../src/keys/secret-format.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { insertMember } from '../support/accounts.ts';
import { expectConsistent } from '../support/consistency.ts';
import { createDatabase, forEachEngine } from '../support/engines.ts';
import { hold, holdRows } from '../support/hold.ts';
import {
  admin,
  codeOf,
  countAttempts,
  expectIntactLedger,
  startEngine,
  tally,
} from '../support/running-engine.ts';
import { untilBlocked } from '../support/waiting.ts';

const randomSecret = () => new Secret(randomBytes(20).toString('hex'));
const sha256 = (secret: Secret) => secretHashBytes(hashSecret(secret.reveal())).toString('hex');
const entry = (secret: Secret, given: Partial<ImportedKey> = {}): ImportedKey => ({
  sha256: sha256(secret),
  name: `Key ${randomBytes(6).toString('hex')}`,
  ...given,
});

forEachEngine((createPlace) => {
  async function start(preset: 'standard' | 'channels' = 'standard') {
    const place = await createPlace();
    const storage = countAttempts(await place.open());
    const engine = await startEngine(storage);
    const project = await createProject(engine.context, admin, { name: 'P', preset });
    return { place, storage, engine, context: engine.context, projectId: project.id };
  }
  const lockProject = (id: string) => `SELECT 1 FROM projects WHERE id = '${id}' FOR UPDATE`;

  test('of imports of the same hashes at once, in whatever order, one passes', async () => {
    const { place, storage, engine, context, projectId } = await start();
    const secrets = Array.from({ length: 600 }, randomSecret);
    const release = await hold(place, storage, lockProject(projectId));
    const before = { ...storage.counts };
    const imports = [secrets, secrets.toReversed(), secrets.slice(300)].map((list) =>
      importKeys(
        context,
        admin,
        projectId,
        list.map((secret) => entry(secret)),
      ),
    );
    const outcome = tally(imports);
    await untilBlocked(place, 3);
    await release();
    expect(await outcome).toEqual({ succeeded: 1, hash_known: 2 });
    // None of them had to be broken out of a deadlock.
    expect(storage.counts.attempts - before.attempts).toBe(storage.counts.changes - before.changes);
    expect(await engine.verify(secrets[599] as Secret)).toBe('valid');
    await expectConsistent(place);
    await expectIntactLedger(engine);
  });

  test('what was looked up in vain before an import, and what is looked up while it runs, verifies after it', async () => {
    const { place, storage, engine, context, projectId } = await start();
    await importKeys(context, admin, projectId, [entry(randomSecret())]);
    const [asked, askedMeanwhile] = [randomSecret(), randomSecret()];
    expect(await engine.verify(asked)).toBe('not_found');
    const release = await hold(place, storage, lockProject(projectId));
    const importing = importKeys(context, admin, projectId, [entry(asked), entry(askedMeanwhile)]);
    await untilBlocked(place);
    expect(await engine.verify(askedMeanwhile)).toBe('not_found');
    await release();
    await importing;
    expect([await engine.verify(asked), await engine.verify(askedMeanwhile)]).toEqual(['valid', 'valid']);
  });

  test('the first import is known to the process that made it when it returns', async () => {
    const { engine, context, projectId } = await start();
    const secret = randomSecret();
    expect(await engine.verify(secret)).toBe('malformed');
    await importKeys(context, admin, projectId, [entry(secret)]);
    expect(await engine.verify(secret)).toBe('valid');
  });

  test('a process that starts later knows that there are imported keys', async () => {
    const { place, storage, engine, context, projectId } = await start();
    const secret = randomSecret();
    await importKeys(context, admin, projectId, [entry(secret)]);
    await engine.heartbeat.stop();
    await storage.close();
    const later = await startEngine(await place.open());
    expect(await later.verify(secret)).toBe('valid');
  });

  test('imports and creates for one owner never pass its limit together', async () => {
    const { place, storage, context, projectId } = await start();
    const own = (name: string) => ({ ownerId: 'o', name });
    const release = await hold(place, storage, lockProject(projectId));
    const imports = ['a', 'b', 'c'].map((name) =>
      importKeys(
        context,
        admin,
        projectId,
        [1, 2, 3, 4].map((i) => entry(randomSecret(), own(`${name}${i}`))),
      ),
    );
    const creates = [1, 2, 3, 4].map((i) => createKey(context, admin, projectId, own(`k${i}`)));
    const outcome = tally([...imports, ...creates]);
    await untilBlocked(place, 5);
    await release();
    await outcome;
    const slice = { from: null, direction: 'next', limit: 100 } as const;
    const keys = await storage.stores.keys.list({ projectId, ownerId: 'o' }, 'createdAt', slice, Date.now());
    expect(keys.length).toBeLessThanOrEqual(10);
    expect(keys.length).toBeGreaterThanOrEqual(8);
  });

  test('many owners in opposite order, and creates for them, never deadlock', async () => {
    const { place, storage, context, projectId } = await start();
    const owners = Array.from({ length: 300 }, (_, i) => `owner-${i}`);
    const release = await hold(place, storage, lockProject(projectId));
    const before = { ...storage.counts };
    const importFor = (list: string[]) =>
      importKeys(
        context,
        admin,
        projectId,
        list.map((ownerId) => entry(randomSecret(), { ownerId })),
      );
    const changes = [
      importFor(owners),
      importFor(owners.toReversed()),
      ...owners.slice(0, 5).map((ownerId) => createKey(context, admin, projectId, { ownerId })),
    ];
    await untilBlocked(place, 5);
    await release();
    expect(await tally(changes)).toEqual({ succeeded: 7 });
    expect(storage.counts.attempts - before.attempts).toBe(storage.counts.changes - before.changes);
  });

  test('operators and owners import, also for members; members do not', async () => {
    const { place, context, engine, projectId } = await start();
    const [owner, operator, member] = [
      await insertMember(place, projectId, 'owner'),
      await insertMember(place, projectId, 'operator'),
      await insertMember(place, projectId, 'member'),
    ];
    for (const caller of [owner, operator]) {
      const secret = randomSecret();
      await importKeys(context, caller, projectId, [entry(secret, { ownerId: member.id })]);
      expect(await engine.verify(secret)).toBe('valid');
    }
    const keys = [entry(randomSecret())];
    expect(await importKeys(context, member, projectId, keys).catch(codeOf)).toBe('forbidden');
    const { id: elsewhere } = await createProject(context, admin, { name: 'Q', preset: 'standard' });
    expect(await importKeys(context, owner, elsewhere, keys).catch(codeOf)).toBe('not_found');
  });
});

test('on PostgreSQL, two whose hashes meet only when they are written: one is refused as a whole, none is stuck', async () => {
  const place = await createDatabase();
  const storage = countAttempts(await place.open());
  const { context } = await startEngine(storage);
  const [one, other] = [
    await createProject(context, admin, { name: 'P', preset: 'standard' }),
    await createProject(context, admin, { name: 'Q', preset: 'standard' }),
  ];
  const secrets = Array.from({ length: 512 }, randomSecret);
  // Both have looked and found nothing known when they come to where they write.
  const release = await holdRows(place, 'LOCK TABLE secrets IN SHARE MODE');
  const before = { ...storage.counts };
  const imports = [
    importKeys(
      context,
      admin,
      one.id,
      secrets.map((secret) => entry(secret)),
    ),
    importKeys(
      context,
      admin,
      other.id,
      secrets.toReversed().map((secret) => entry(secret)),
    ),
  ];
  const outcome = tally(imports);
  await untilBlocked(place, 2);
  await release();
  expect(await outcome).toEqual({ succeeded: 1, hash_known: 1 });
  // In two orders they would have come to wait for each other, until the database broke one of them off.
  expect(storage.counts.attempts - before.attempts).toBe(storage.counts.changes - before.changes);
  const counts = await place.query<{ keys: string; secrets: string; rows: string }>(
    `SELECT (SELECT count(*) FROM keys) AS keys, (SELECT count(*) FROM secrets) AS secrets,
       (SELECT count(*) FROM ledger WHERE action = 'key.imported') AS rows`,
  );
  expect(counts).toEqual([{ keys: '512', secrets: '512', rows: '512' }]);
});
