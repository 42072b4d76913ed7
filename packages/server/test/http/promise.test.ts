import type { Key, Propagation, VerifyAnswer } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import type { BodyOf } from '../support/client.ts';
import { type Installation, onBothEngines } from '../support/installation.ts';

/*
 * "When a revocation returns, the key is dead": a verification that begins after a change was answered sees the change.
 * The key is warm, and others go on verifying it while it changes, so that memory has every chance to lag behind.
 */

interface Situation {
  projectId: string;
  key: Key;
  secret: string;
}

interface Change {
  name: string;
  /** What the key is made with. */
  body?: BodyOf<'createKey'>;
  /** Done before the key is warmed. Answers the secret that is asked for from then on. */
  before?(at: Installation, situation: Situation): Promise<string>;
  /** What is asked besides the key. */
  conditions?: Omit<BodyOf<'verify'>, 'key'>;
  make(at: Installation, situation: Situation): Promise<{ propagation: Propagation }>;
  /** What the next verification must answer. */
  expected: object;
}

const updating = (body: BodyOf<'updateKey'>): Change['make'] => {
  return (at, { key }) => at.admin.call('updateKey', { params: { keyId: key.id }, body });
};
const valid = (key: object) => ({ valid: true, code: 'valid', key });

const changes: Change[] = [
  {
    name: 'revoke',
    make: (at, { key }) => at.admin.call('revokeKey', { params: { keyId: key.id } }),
    expected: { valid: false, code: 'revoked' },
  },
  {
    name: 'deactivate',
    make: (at, { key }) => at.admin.call('deactivateKey', { params: { keyId: key.id } }),
    expected: { valid: false, code: 'inactive' },
  },
  {
    name: 'activate',
    before: async (at, { key, secret }) => {
      await at.admin.call('deactivateKey', { params: { keyId: key.id } });
      return secret;
    },
    make: (at, { key }) => at.admin.call('activateKey', { params: { keyId: key.id } }),
    expected: valid({}),
  },
  {
    name: 'delete',
    make: (at, { key }) => at.admin.call('deleteKey', { params: { keyId: key.id } }),
    expected: { valid: false, code: 'not_found' },
  },
  {
    name: 'rotate without an overlap',
    make: (at, { key }) =>
      at.admin.call('rotateKey', { params: { keyId: key.id }, body: { overlapSeconds: 0 } }),
    expected: { valid: false, code: 'revoked' },
  },
  {
    name: 'retire-previous',
    before: async (at, { key, secret }) => {
      await at.admin.call('rotateKey', { params: { keyId: key.id } });
      return secret;
    },
    make: (at, { key }) => at.admin.call('retirePreviousSecret', { params: { keyId: key.id } }),
    expected: { valid: false, code: 'revoked' },
  },
  {
    name: 'a second rotation, for the secret before the first',
    before: async (at, { key, secret }) => {
      await at.admin.call('rotateKey', { params: { keyId: key.id } });
      return secret;
    },
    make: (at, { key }) => at.admin.call('rotateKey', { params: { keyId: key.id } }),
    expected: { valid: false, code: 'revoked' },
  },
  {
    name: 'revoke, for a secret in its overlap',
    before: async (at, { key, secret }) => {
      await at.admin.call('rotateKey', { params: { keyId: key.id } });
      return secret;
    },
    make: (at, { key }) => at.admin.call('revokeKey', { params: { keyId: key.id } }),
    expected: { valid: false, code: 'revoked' },
  },
  {
    name: 'PATCH of the scopes',
    body: { scopes: ['a', 'b'] },
    conditions: { scopes: ['a'] },
    make: updating({ scopes: ['b'] }),
    expected: { valid: false, code: 'insufficient_scope', key: { scopes: ['b'] } },
  },
  {
    name: 'PATCH of the addresses',
    conditions: { ip: '192.0.2.1' },
    make: updating({ ipAllow: ['10.0.0.0/8'] }),
    expected: { valid: false, code: 'ip_denied' },
  },
  {
    name: 'PATCH of name, owner, metadata and expiry',
    body: { name: 'Old', ownerId: 'anna', metadata: { plan: 'free' } },
    make: updating({
      name: 'New',
      ownerId: 'ben',
      metadata: { plan: 'gold' },
      expiresAt: '2099-01-01T00:00:00Z',
    }),
    expected: valid({
      name: 'New',
      ownerId: 'ben',
      metadata: { plan: 'gold' },
      expiresAt: '2099-01-01T00:00:00.000Z',
    }),
  },
  {
    name: 'deletion of the project',
    make: (at, { projectId }) => at.admin.call('deleteProject', { params: { projectId } }),
    expected: { valid: false, code: 'not_found' },
  },
];

const repetitions = 5;
const askers = 4;

onBothEngines((at) => {
  describe('the next verification sees it', () => {
    test.each(changes)('$name', async ({ body = {}, before, conditions = {}, make, expected }) => {
      for (let repetition = 0; repetition < repetitions; repetition++) {
        const { id: projectId } = await at.createProject();
        const situation: Situation = { projectId, ...(await at.createKey(projectId, body)) };
        const key = (await before?.(at, situation)) ?? situation.secret;
        const request = { ...conditions, key };
        const ask = async (): Promise<VerifyAnswer> => at.admin.call('verify', { body: request });
        const first = await ask();
        expect(first, 'before').not.toMatchObject(expected);

        let isChanged = false;
        const crowd = Array.from({ length: askers }, async () => {
          for (let after = 0; after < 3; ) {
            const beganAfter = isChanged;
            const answer = await ask();
            if (!beganAfter) continue;
            after++;
            expect(answer, 'one of the crowd').toMatchObject(expected);
          }
        });
        const { propagation } = await make(at, situation);
        isChanged = true;
        expect(await ask(), 'the very next').toMatchObject(expected);
        const { results } = await at.admin.call('verifyBatch', { body: { requests: [request] } });
        expect(results[0]).toMatchObject(expected);
        await Promise.all(crowd);
        expect(propagation).toStrictEqual({ nodes: 1, acknowledged: 1, elapsedMs: expect.any(Number) });
      }
    });
  });

  test('a service key that was deleted or rotated opens nothing any more, though it was warm', async () => {
    const { secret } = await at.createKey((await at.createProject()).id);
    for (const name of ['deleteServiceKey', 'rotateServiceKey'] as const) {
      for (let repetition = 0; repetition < repetitions; repetition++) {
        const caller = await at.createServiceKey(null);
        expect(await caller.call('verify', { body: { key: secret } })).toMatchObject({ valid: true });
        await at.admin.call(name, { params: { serviceKeyId: caller.id } });
        const answers = [
          await caller.refuse('verify', { body: { key: secret } }),
          await caller.refuse('verifyBatch', { body: { requests: [{ key: secret }] } }),
          await caller.refuse('listProjects'),
        ];
        for (const { status } of answers) expect(status).toBe(401);
      }
    }
  });

  test('a key is good as soon as it was answered, also one that was asked for before', async () => {
    const { id } = await at.createProject();
    for (let repetition = 0; repetition < 20; repetition++) {
      const { secret } = await at.createKey(id);
      expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ valid: true });
    }
  });

  test('a key that moves to and fro is always as the last answer said', async () => {
    const { key, secret } = await at.createKey((await at.createProject()).id);
    for (let round = 0; round < 25; round++) {
      const name = round % 2 === 0 ? 'deactivateKey' : 'activateKey';
      await at.admin.call(name, { params: { keyId: key.id } });
      const { code } = await at.admin.call('verify', { body: { key: secret } });
      expect(code).toBe(round % 2 === 0 ? 'inactive' : 'valid');
    }
  });
});
