import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VerifyBody } from '@keywright/contract';
import { expect, test } from 'vitest';
import { createChannel } from '../../src/channels/create-channel.ts';
import { deleteChannel } from '../../src/channels/delete-channel.ts';
import { updateChannel } from '../../src/channels/update-channel.ts';
import type { Context } from '../../src/domain/context.ts';
import { createKey } from '../../src/keys/create-key.ts';
import { deleteKey } from '../../src/keys/delete-key.ts';
import { retirePreviousSecret } from '../../src/keys/retire-previous-secret.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { rotateKey } from '../../src/keys/rotate-key.ts';
import { generateSecret, hashSecret, type Secret } from '../../src/keys/secret-format.ts';
import { switchKey } from '../../src/keys/switch-key.ts';
import { updateKey } from '../../src/keys/update-key.ts';
import { createProject } from '../../src/projects/create-project.ts';
import { deleteProject } from '../../src/projects/delete-project.ts';
import { createServiceKey } from '../../src/service-keys/create-service-key.ts';
import { deleteServiceKey } from '../../src/service-keys/delete-service-key.ts';
import { rotateServiceKey } from '../../src/service-keys/rotate-service-key.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { forEachEngine } from '../support/engines.ts';
import { newSecret, storedKey } from '../support/records.ts';
import { admin, codeOf, type RunningEngine, startEngine } from '../support/running-engine.ts';
import { until } from '../support/waiting.ts';

interface Subject {
  engine: RunningEngine;
  context: Context;
  projectId: string;
  /** Of the slug `at-<n>`, which is asked for. */
  channelId: string;
  keyId: string;
  secret: Secret;
}

interface PowerTaken {
  what: string;
  question?: Omit<VerifyBody, 'key'>;
  /** Before the key is warmed up. */
  prepare?(subject: Subject): Promise<unknown>;
  take(subject: Subject): Promise<unknown>;
  code: string;
}

/** Everything that takes power away, and what a verification of a key in memory must say when it has returned. */
const powersTaken: PowerTaken[] = [
  {
    what: 'a revocation',
    take: ({ context, keyId }) => revokeKey(context, admin, keyId, null),
    code: 'revoked',
  },
  {
    what: 'a switch off',
    take: ({ context, keyId }) => switchKey(context, admin, keyId, 'inactive'),
    code: 'inactive',
  },
  { what: 'a deletion', take: ({ context, keyId }) => deleteKey(context, admin, keyId), code: 'not_found' },
  {
    what: 'a rotation at once',
    take: ({ context, keyId }) => rotateKey(context, admin, keyId, 0),
    code: 'revoked',
  },
  {
    what: 'the end of an overlap',
    prepare: ({ context, keyId }) => rotateKey(context, admin, keyId, 3600),
    take: ({ context, keyId }) => retirePreviousSecret(context, admin, keyId),
    code: 'revoked',
  },
  {
    what: 'a second rotation, which ends the first overlap',
    prepare: ({ context, keyId }) => rotateKey(context, admin, keyId, 3600),
    take: ({ context, keyId }) => rotateKey(context, admin, keyId, 3600),
    code: 'revoked',
  },
  {
    what: 'a scope taken away',
    question: { scopes: ['maps:read'] },
    prepare: ({ context, keyId }) => updateKey(context, admin, keyId, { scopes: ['maps:read'] }),
    take: ({ context, keyId }) => updateKey(context, admin, keyId, { scopes: ['maps:write'] }),
    code: 'insufficient_scope',
  },
  {
    what: 'an address list',
    question: { ip: '198.51.100.7' },
    take: ({ context, keyId }) => updateKey(context, admin, keyId, { ipAllow: ['192.0.2.0/24'] }),
    code: 'ip_denied',
  },
  {
    what: 'an expiry that has come by then',
    async take({ context, keyId }) {
      const expiresAt = context.clock.now() + 40;
      await updateKey(context, admin, keyId, { expiresAt });
      await until(() => context.clock.now() >= expiresAt, 'the key expired');
    },
    code: 'expired',
  },
  {
    what: 'the deletion of the project',
    take: ({ context, projectId }) => deleteProject(context, admin, projectId),
    code: 'not_found',
  },
  {
    what: 'another slug of the channel',
    question: { channel: 'asked' },
    take: ({ context, channelId }) => updateChannel(context, admin, channelId, { slug: 'moved' }),
    code: 'validation_failed',
  },
  {
    what: 'the deletion of the channel',
    question: { channel: 'asked' },
    take: ({ context, channelId }) => deleteChannel(context, admin, channelId),
    code: 'validation_failed',
  },
];

async function makeSubject(engine: RunningEngine): Promise<Subject> {
  const { context } = engine;
  const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
  const slug = `at-${projectId.slice(-20)}`;
  const { id: channelId } = await createChannel(context, admin, projectId, { slug, name: 'C' });
  const { key, secret } = await createKey(context, admin, projectId, { name: 'K' });
  return { engine, context, projectId, channelId, keyId: key.id, secret };
}

forEachEngine((createPlace) => {
  test('what takes power away from a key in memory holds for every verification that begins when it has returned', async () => {
    const engine = await startEngine(await (await createPlace()).open());
    for (const { what, question, prepare, take, code } of powersTaken) {
      const subject = await makeSubject(engine);
      const asked = {
        ...question,
        ...(question?.channel && { channel: `at-${subject.projectId.slice(-20)}` }),
      };
      await prepare?.(subject);
      const verify = () => engine.verify(subject.secret, asked);
      expect(await verify(), what).toBe('valid');
      const { hits } = engine.verifier.statistics;
      expect(await verify(), what).toBe('valid');
      expect(engine.verifier.statistics.hits, `${what}: the key is in memory`).toBe(hits + 1);
      await take(subject);
      expect(await verify(), what).toBe(code);
      expect(await verify(), `${what}, asked again`).toBe(code);
    }
  });

  test('a key that was switched on again is valid at once, and a new secret too', async () => {
    const engine = await startEngine(await (await createPlace()).open());
    const { context, keyId, secret } = await makeSubject(engine);
    await switchKey(context, admin, keyId, 'inactive');
    expect(await engine.verify(secret)).toBe('inactive');
    await switchKey(context, admin, keyId, 'active');
    expect(await engine.verify(secret)).toBe('valid');
    const rotated = await rotateKey(context, admin, keyId, 3600);
    expect(await engine.verify(rotated.secret)).toBe('valid');
    expect(await engine.verify(secret)).toBe('valid');
  });

  test('a secret that nobody knew is found once the row that made it was applied', async () => {
    const storage = await (await createPlace()).open();
    const engine = await startEngine(storage);
    const { projectId } = await makeSubject(engine);
    const secret = generateSecret('kw');
    for (let i = 0; i < 2; i++) expect(await engine.verify(secret)).toBe('not_found');
    expect(engine.verifier.statistics.absences).toBe(1);
    const key = storedKey({ projectId });
    const { seq } = await engine.context.change(admin, async ({ keys }) => {
      await keys.insert(key, newSecret({ hash: hashSecret(secret.reveal()) }));
      const subject = { type: 'key', id: key.id, name: null } as const;
      return { value: null, entries: [{ action: 'key.created', projectId, subject }] };
    });
    await engine.context.barrier(seq);
    expect(await engine.verify(secret)).toBe('valid');
  });

  test('a load that a change overtook is neither answered nor kept nor shared', async () => {
    const { storage, gate } = withGate(await (await createPlace()).open());
    const engine = await startEngine(storage);
    for (const { what, take, prepare, question, code } of powersTaken) {
      if (question?.channel !== undefined) continue;
      const subject = await makeSubject(engine);
      await prepare?.(subject);
      const verify = () => engine.verify(subject.secret, question);
      gate.close();
      const before = verify();
      await until(() => gate.held > 0, 'the load was answered by the database');
      gate.letThrough();
      await take(subject);
      // Asked after the change returned, while the stale load is still on its way.
      expect(await verify(), `${what}, asked afterwards`).toBe(code);
      gate.open();
      expect(await before, `${what}, asked before`).toBe(code);
      expect(await verify(), `${what}, asked again`).toBe(code);
    }
  });

  test('a channel that was read before it changed is not kept', async () => {
    const opened = await (await createPlace()).open();
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let isClosed = true;
    const engine = await startEngine({
      ...opened,
      verification: {
        ...opened.verification,
        async loadChannel(idOrSlug) {
          const found = await opened.verification.loadChannel(idOrSlug);
          reached.resolve();
          if (isClosed) await gate.promise;
          return found;
        },
      },
    });
    const { context, channelId, projectId, secret } = await makeSubject(engine);
    const channel = `at-${projectId.slice(-20)}`;
    const before = engine.verify(secret, { channel });
    await reached.promise;
    isClosed = false;
    await updateChannel(context, admin, channelId, { slug: 'moved' });
    expect(await engine.verify(secret, { channel })).toBe('validation_failed');
    gate.resolve();
    expect(await before).toBe('validation_failed');
    expect(await engine.verify(secret, { channel })).toBe('validation_failed');
    expect(await engine.verify(secret, { channel: 'moved' })).toBe('valid');
  });

  test('a service key is dead at once: in memory, and with its load on the way', async () => {
    const { storage, gate } = withGate(await (await createPlace()).open());
    const { context, authenticator } = await startEngine(storage);
    const { id: projectId } = await createProject(context, admin, { name: 'P', preset: 'standard' });
    const authenticate = async (secret: Secret) => {
      try {
        return (await authenticator.authenticate(`Bearer ${secret.reveal()}`)).id;
      } catch (error) {
        return codeOf(error);
      }
    };
    const deaths: ((id: string) => Promise<unknown>)[] = [
      (id) => rotateServiceKey(context, admin, id),
      (id) => deleteServiceKey(context, admin, id),
      () => deleteProject(context, admin, projectId),
    ];
    for (const die of deaths) {
      for (const isWarm of [true, false]) {
        if (die === deaths[2] && isWarm) continue;
        const { serviceKey, secret } = await createServiceKey(context, admin, {
          name: 'S',
          projectId,
          scopes: ['verify'],
        });
        if (isWarm) expect(await authenticate(secret)).toBe(serviceKey.id);
        gate.close();
        const before = authenticate(secret);
        if (isWarm) expect(await before).toBe(serviceKey.id);
        else await until(() => gate.held > 0, 'the load was answered by the database');
        gate.letThrough();
        await die(serviceKey.id);
        expect(await authenticate(secret)).toBe('unauthenticated');
        gate.open();
        if (!isWarm) expect(await before).toBe('unauthenticated');
        expect(await authenticate(secret)).toBe('unauthenticated');
      }
    }
  });

  test('a hundred callers that never stop asking see no valid answer begun after a revocation returned', async () => {
    const engine = await startEngine(await (await createPlace()).open());
    const { context, projectId } = await makeSubject(engine);
    const keys: { id: string; secret: Secret; isRevoked: boolean }[] = [];
    for (let i = 0; i < 30; i++) {
      const { key, secret } = await createKey(context, admin, projectId, { name: `K${i}` });
      keys.push({ id: key.id, secret, isRevoked: false });
    }
    const wrong: string[] = [];
    let [isOver, asked] = [false, 0];
    const ask = async (caller: number) => {
      for (let turn = caller; !isOver; turn++) {
        const key = keys[turn % keys.length];
        if (key === undefined) continue;
        const mustBe = key.isRevoked ? 'revoked' : null;
        const code = await engine.verify(key.secret);
        asked++;
        if (mustBe !== null ? code !== mustBe : code !== 'valid' && code !== 'revoked')
          wrong.push(`${key.id}: ${code}`);
        await nextTurn();
      }
    };
    const callers = Array.from({ length: 100 }, (_, caller) => ask(caller));
    for (const key of keys) {
      await revokeKey(context, admin, key.id, null);
      key.isRevoked = true;
      await nextTurn();
    }
    await nextTurn();
    isOver = true;
    await Promise.all(callers);
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(1000);
  });
});

/**
 * A storage whose loads of keys, while the gate is closed, stop after the database has answered. Those that begin
 * after `letThrough` pass; those that were held go on when it opens.
 */
function withGate(storage: Storage) {
  let [isClosed, opened] = [false, Promise.withResolvers<void>()];
  const gate = {
    held: 0,
    close() {
      isClosed = true;
    },
    letThrough() {
      isClosed = false;
    },
    open() {
      isClosed = false;
      gate.held = 0;
      opened.resolve();
      opened = Promise.withResolvers<void>();
    },
  };
  async function pass<T>(found: T | Promise<T>): Promise<T> {
    const answer = await found;
    if (!isClosed) return answer;
    gate.held++;
    await opened.promise;
    return answer;
  }
  const { verification } = storage;
  return {
    gate,
    storage: {
      ...storage,
      verification: {
        ...verification,
        loadKeys: (hashes: Parameters<typeof verification.loadKeys>[0]) =>
          pass(verification.loadKeys(hashes)),
        loadServiceKeys: (hashes: Parameters<typeof verification.loadServiceKeys>[0]) =>
          pass(verification.loadServiceKeys(hashes)),
      },
    },
  };
}
