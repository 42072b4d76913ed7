import { expect, test } from 'vitest';
import { createKey } from '../../src/keys/create-key.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { rotateKey } from '../../src/keys/rotate-key.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { createServiceKey } from '../../src/service-keys/create-service-key.ts';
import { rotateServiceKey } from '../../src/service-keys/rotate-service-key.ts';
import { forEachEngine } from '../support/engines.ts';
import { hold } from '../support/hold.ts';
import { admin, codeOf, startEngine, tally } from '../support/running-engine.ts';
import { untilBlocked } from '../support/waiting.ts';

const count = 5;

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    const engine = await startEngine(await place.open());
    const project = await createProject(engine.context, admin, { name: 'P', preset: 'standard' });
    const { key, secret } = await createKey(engine.context, admin, project.id, {});
    const lockKey = `SELECT 1 FROM keys WHERE id = '${key.id}' FOR UPDATE`;
    return { place, engine, projectId: project.id, keyId: key.id, secret, lockKey };
  }

  test.each([0, 3600])(
    'of rotations at once with an overlap of %i s the last one is current',
    async (overlapSeconds) => {
      const { place, engine, keyId, secret, lockKey } = await start();
      const release = await hold(place, engine.storage, lockKey);
      const rotating = Array.from({ length: count }, () =>
        rotateKey(engine.context, admin, keyId, overlapSeconds),
      );
      await untilBlocked(place, count);
      await release();
      const rotated = await Promise.all(rotating);
      const codes = [await engine.verify(secret)];
      for (const rotation of rotated) codes.push(await engine.verify(rotation.secret));
      // With an overlap, the one before the last works on.
      const valid = overlapSeconds === 0 ? 1 : 2;
      expect(codes.toSorted()).toEqual([
        ...Array(count + 1 - valid).fill('revoked'),
        ...Array(valid).fill('valid'),
      ]);
      const [current] = await place.query<{ count: number }>(
        `SELECT count(*) AS count FROM secrets WHERE key_id = '${keyId}' AND retires_at IS NULL`,
      );
      expect(Number(current?.count)).toBe(1);
      const found = await engine.storage.stores.keys.find(keyId, Date.now());
      expect(found?.previous === null).toBe(overlapSeconds === 0);
    },
  );

  test('a rotation beside a revocation gives no living secret', async () => {
    for (const isRevokedFirst of [true, false]) {
      const { place, engine, keyId, secret, lockKey } = await start();
      const secrets = [secret];
      const rotate = async () => secrets.push((await rotateKey(engine.context, admin, keyId, 3600)).secret);
      const release = await hold(place, engine.storage, lockKey);
      const begin = [() => revokeKey(engine.context, admin, keyId, null), rotate];
      const changes: Promise<unknown>[] = [];
      for (const change of isRevokedFirst ? begin : begin.reverse()) {
        changes.push(change());
        await untilBlocked(place, changes.length);
      }
      await release();
      expect(await tally(changes)).toEqual(
        isRevokedFirst ? { succeeded: 1, key_revoked: 1 } : { succeeded: 2 },
      );
      for (const made of secrets) expect(await engine.verify(made)).toBe('revoked');
    }
  });

  test('of rotations of a service key at once the last one is current, and no other works', async () => {
    const { place, engine } = await start();
    const made = await createServiceKey(engine.context, admin, {
      name: 'S',
      projectId: null,
      scopes: ['verify'],
    });
    const { id } = made.serviceKey;
    const release = await hold(
      place,
      engine.storage,
      `SELECT 1 FROM service_keys WHERE id = '${id}' FOR UPDATE`,
    );
    const rotating = Array.from({ length: count }, () => rotateServiceKey(engine.context, admin, id));
    await untilBlocked(place, count);
    await release();
    const secrets = [made.secret, ...(await Promise.all(rotating)).map(({ secret }) => secret)];
    const outcomes: string[] = [];
    for (const secret of secrets) {
      try {
        outcomes.push((await engine.authenticator.authenticate(`Bearer ${secret.reveal()}`)).id);
      } catch (error) {
        outcomes.push(codeOf(error));
      }
    }
    expect(outcomes.toSorted()).toEqual([id, ...Array(count).fill('unauthenticated')].sort());
    // What is shown is of the one that works.
    const current = secrets[outcomes.indexOf(id)]?.reveal() ?? '';
    const [listed] = await engine.storage.stores.serviceKeys.list(
      {},
      { from: null, direction: 'next', limit: 1 },
    );
    expect(listed?.display.slice(-4)).toBe(current.slice(-4));
  });
});
