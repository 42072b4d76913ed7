import { describe, expect, test } from 'vitest';
import { hasValidChecksum } from '../../src/keys/secret-format.ts';
import type { BodyOf } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';

const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();

onBothEngines((at) => {
  const refuse = (projectId: string, body: unknown) =>
    at.admin.refuse('createKey', { params: { projectId }, body });

  describe('201', () => {
    test('with every field, which it answers as they were sent', async () => {
      const { id: projectId } = await at.createProject();
      const channel = await at.createChannel(projectId);
      const body: BodyOf<'createKey'> = {
        name: 'Production, Zürich 🔑',
        channelId: channel.id,
        description: 'Two\nlines\tand a tab',
        ownerId: 'customer/42 <x@example.org>',
        expiresAt: '2099-01-31T12:00:00.5+02:00',
        scopes: ['orders:read', 'orders:*', 'a_b-c.d'],
        metadata: { plan: 'gold', nested: { list: [1, 2.5, null, true, 'x'] }, empty: {} },
        ipAllow: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7', '::1'],
      };
      const caller = await at.createServiceKey(projectId);
      const before = Date.now();
      const { key, secret } = await caller.call('createKey', { params: { projectId }, body });
      expect(key).toStrictEqual({
        ...body,
        id: expect.stringMatching(/^key_[0-9a-hjkmnp-tv-z]{26}$/),
        projectId,
        format: 'token',
        display: `${secret.slice(0, 7)}…${secret.slice(-4)}`,
        publicId: null,
        status: 'active',
        expiresAt: '2099-01-31T10:00:00.500Z',
        rateLimits: [],
        quota: null,
        createdAt: key.updatedAt,
        createdBy: caller.id,
        updatedAt: expect.any(String),
        revokedAt: null,
        revokedReason: null,
        lastUsedAt: null,
        lastUsedIp: null,
        lastUsedAgent: null,
        rotation: null,
      });
      expect(Date.parse(key.createdAt)).toBeGreaterThan(before - 2000);
      expect(Date.parse(key.createdAt)).toBeLessThan(Date.now() + 2000);
      // What was answered is what is kept.
      expect(await caller.call('getKey', { params: { keyId: key.id } })).toStrictEqual(key);
    });

    test('with no body at all, an empty one and an empty object: everything has a default', async () => {
      const { id: projectId } = await at.createProject();
      const path = `/v1/projects/${projectId}/keys`;
      for (const options of [{}, { raw: '' }, { body: {} }]) {
        const { status, json } = await at.admin.request('POST', path, options);
        expect(status).toBe(201);
        expect(json).toMatchObject({
          key: {
            channelId: null,
            ownerId: null,
            description: null,
            format: 'token',
            status: 'active',
            scopes: [],
            metadata: {},
            ipAllow: [],
            expiresAt: null,
          },
        });
      }
    });

    test('null says the same as leaving a field out', async () => {
      const { id } = await at.createProject();
      const body = { channelId: null, description: null, ownerId: null, expiresAt: null };
      expect((await at.createKey(id, body)).key).toMatchObject(body);
    });

    test('default names count up for each owner, and fill what is free', async () => {
      const { id } = await at.createProject();
      const make = async (body: BodyOf<'createKey'> = {}) => (await at.createKey(id, body)).key;
      expect((await make({ ownerId: 'anna' })).name).toBe('Key 1');
      const second = await make({ ownerId: 'anna' });
      expect(second.name).toBe('Key 2');
      expect((await make({ ownerId: 'ben' })).name).toBe('Key 1');
      await make({ ownerId: 'anna', name: 'Key 3' });
      expect((await make({ ownerId: 'anna' })).name).toBe('Key 4');
      await at.admin.call('revokeKey', { params: { keyId: second.id } });
      expect((await make({ ownerId: 'anna' })).name).toBe('Key 2');
      expect((await make()).name).toBe('Key 1');
      expect((await make()).name).toBe('Key 2');
    });

    test('names keep no space around them', async () => {
      const { id } = await at.createProject();
      expect((await at.createKey(id, { name: '  Production \n' })).key.name).toBe('Production');
    });

    test('a token: 64 characters, the prefix of the policy, a right checksum, good at once', async () => {
      const { id } = await at.createProject({ policy: { prefix: 'acme_live' } });
      const { key, secret } = await at.createKey(id);
      expect(secret).toMatch(/^acme_live_[0-9A-Za-z]{54}$/);
      expect(hasValidChecksum(secret)).toBe(true);
      expect(key.display).toBe(`${secret.slice(0, 14)}…${secret.slice(-4)}`);
      expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ valid: true });
    });

    test('a pair: the public id is shown for good, the secret has 64 characters', async () => {
      const { id } = await at.createProject({ policy: { format: 'pair', prefix: 'acme' } });
      const { key, secret } = await at.createKey(id);
      expect(key.format).toBe('pair');
      expect(key.publicId).toMatch(/^acme_pk_[0-9A-Za-z]{22}$/);
      expect(secret).toHaveLength(64);
      expect(hasValidChecksum(secret)).toBe(true);
      const again = await at.admin.call('getKey', { params: { keyId: key.id } });
      expect(again.publicId).toBe(key.publicId);
      expect(JSON.stringify(again)).not.toContain(secret);
      const body = { publicId: key.publicId ?? '', secret };
      expect(await at.admin.call('verify', { body })).toMatchObject({ valid: true });
    });

    test('400 for the secret of a key in a text that would be kept, which is not repeated', async () => {
      const { id } = await at.createProject();
      const { secret } = await at.createKey(id);
      const before = await at.ledgerHead();
      for (const [path, body] of [
        ['name', { name: secret }],
        ['description', { description: `was ${secret}` }],
        ['ownerId', { ownerId: secret }],
        ['metadata.note', { metadata: { note: secret } }],
      ] as const) {
        const problem = await at.admin.refuse('createKey', { params: { projectId: id }, body });
        expect(problem).toMatchObject({ status: 400, errors: [{ path }] });
        expect(JSON.stringify(problem)).not.toContain(secret);
      }
      expect(await at.ledgerSince(before)).toEqual([]);
    });

    test('no two secrets and no two ids are the same', async () => {
      const { id } = await at.createProject();
      const made = await Promise.all(Array.from({ length: 50 }, () => at.createKey(id)));
      expect(new Set(made.map(({ secret }) => secret)).size).toBe(50);
      expect(new Set(made.map(({ key }) => key.id)).size).toBe(50);
    });

    test('the secret is in no later answer', async () => {
      const { id: projectId } = await at.createProject();
      const { key, secret } = await at.createKey(projectId);
      const answers = await Promise.all([
        at.admin.send('getKey', { params: { keyId: key.id } }),
        at.admin.send('listKeys', { params: { projectId } }),
        at.admin.send('updateKey', { params: { keyId: key.id }, body: { name: 'Renamed' } }),
        at.admin.send('listProjectLedger', { params: { projectId } }),
        at.admin.send('listProjectLedger', {
          params: { projectId },
          headers: { Accept: 'application/x-ndjson' },
        }),
        at.admin.send('verify', { body: { key: secret } }),
      ]);
      for (const { status, text } of answers) {
        expect(status).toBe(200);
        expect(text).toContain(key.id);
        expect(text).not.toContain(secret);
        expect(text).not.toContain(secret.slice(10, 40));
      }
    });

    test('a channel that is named by its id binds the key to it', async () => {
      const { id } = await at.createProject();
      const channel = await at.createChannel(id);
      const { key } = await at.createKey(id, { channelId: channel.id });
      expect(key.channelId).toBe(channel.id);
      const { keyCount } = await at.admin.call('getChannel', { params: { channelId: channel.id } });
      expect(keyCount).toBe(1);
    });
  });

  describe('400', () => {
    test('for an expiry in the past, and for one that is now', async () => {
      const { id } = await at.createProject();
      for (const expiresAt of ['2020-01-01T00:00:00Z', new Date(Date.now() - 1000).toISOString()]) {
        const problem = await refuse(id, { expiresAt });
        expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'expiresAt' }] });
        expect(problem.detail).toContain('in the future');
      }
    });

    test.each([
      '2099-01-31',
      '2099-01-31T12:00:00',
      '2099-02-30T12:00:00Z',
      'tomorrow',
      '1e400',
      '99999-01-01T00:00:00Z',
    ])('for %s, which is no time in RFC 3339', async (expiresAt) => {
      const { id } = await at.createProject();
      expect(await refuse(id, { expiresAt })).toMatchObject({ errors: [{ path: 'expiresAt' }] });
    });

    test('for an account as owner: a project has no members yet', async () => {
      const { id } = await at.createProject();
      expect(await refuse(id, { ownerId: 'acc_01m7xyb2qmrg3t40v4k6p7t5jv' })).toMatchObject({
        status: 400,
        code: 'owner_not_member',
      });
    });

    test.each(['description', 'expiry'] as const)('for a %s that the policy hides', async (field) => {
      const { id } = await at.createProject({ policy: { [field]: 'hidden' } });
      const [path, value] = field === 'expiry' ? ['expiresAt', inDays(1)] : ['description', 'x'];
      expect(await refuse(id, { [path]: value })).toMatchObject({
        code: 'validation_failed',
        errors: [{ path }],
      });
      await at.createKey(id);
      await at.createKey(id, { [path]: null });
    });

    test.each(['description', 'expiry'] as const)(
      'for a missing %s that the policy requires',
      async (field) => {
        const { id } = await at.createProject({ policy: { [field]: 'required' } });
        const [path, value] = field === 'expiry' ? ['expiresAt', inDays(1)] : ['description', 'x'];
        for (const body of [
          {},
          { [path]: null },
          ...(field === 'description' ? [{ description: ' ' }] : []),
        ]) {
          expect(await refuse(id, body)).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
        }
        await at.createKey(id, { [path]: value });
      },
    );

    test('for a lifetime over the policy’s, and for none at all', async () => {
      const { id } = await at.createProject({ policy: { maxLifetimeDays: 30 } });
      for (const body of [{}, { expiresAt: null }, { expiresAt: inDays(31) }]) {
        const problem = await refuse(id, body);
        expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'expiresAt' }] });
        expect(problem.detail).toContain('30 days');
      }
      await at.createKey(id, { expiresAt: inDays(29.9) });
    });

    test('for a channel that was deleted', async () => {
      const { id } = await at.createProject();
      const channel = await at.createChannel(id);
      await at.admin.call('deleteChannel', { params: { channelId: channel.id } });
      expect(await refuse(id, { channelId: channel.id })).toMatchObject({ errors: [{ path: 'channelId' }] });
    });
  });

  describe('409 key_limit_reached', () => {
    test('at the limit of the policy, for each owner by itself, and never without an owner', async () => {
      const { id } = await at.createProject({ policy: { maxKeysPerOwner: 2 } });
      for (let i = 0; i < 2; i++) await at.createKey(id, { ownerId: 'anna' });
      expect(await refuse(id, { ownerId: 'anna' })).toMatchObject({ status: 409, code: 'key_limit_reached' });
      await at.createKey(id, { ownerId: 'ben' });
      for (let i = 0; i < 4; i++) await at.createKey(id);
    });

    test('the default policy allows ten', async () => {
      const { id } = await at.createProject();
      for (let i = 0; i < 10; i++) await at.createKey(id, { ownerId: 'anna' });
      expect(await refuse(id, { ownerId: 'anna' })).toMatchObject({ code: 'key_limit_reached' });
    });

    test('inactive keys count; revoked, deleted and expired ones do not', async () => {
      const { id } = await at.createProject({ policy: { maxKeysPerOwner: 1 } });
      const ownerId = 'anna';
      const isFull = async () =>
        expect(await refuse(id, { ownerId })).toMatchObject({ code: 'key_limit_reached' });
      const first = (await at.createKey(id, { ownerId })).key;
      await isFull();
      await at.admin.call('deactivateKey', { params: { keyId: first.id } });
      await isFull();
      await at.admin.call('revokeKey', { params: { keyId: first.id } });
      const second = (await at.createKey(id, { ownerId })).key;
      await isFull();
      await at.admin.call('deleteKey', { params: { keyId: second.id } });
      await at.createExpired(id, { ownerId });
      await at.createKey(id, { ownerId });
      await isFull();
    });

    test('a change of the policy holds for the next key', async () => {
      const { id } = await at.createProject({ policy: { maxKeysPerOwner: 1 } });
      await at.createKey(id, { ownerId: 'anna' });
      await at.admin.call('updateProject', {
        params: { projectId: id },
        body: { policy: { maxKeysPerOwner: null } },
      });
      for (let i = 0; i < 12; i++) await at.createKey(id, { ownerId: 'anna' });
      await at.admin.call('updateProject', {
        params: { projectId: id },
        body: { policy: { maxKeysPerOwner: 3 } },
      });
      expect(await refuse(id, { ownerId: 'anna' })).toMatchObject({ code: 'key_limit_reached' });
    });

    test('requests at once never pass it', async () => {
      const { id } = await at.createProject({ policy: { maxKeysPerOwner: 3 } });
      const send = () => at.admin.send('createKey', { params: { projectId: id }, body: { ownerId: 'anna' } });
      const answers = await Promise.all(Array.from({ length: 12 }, send));
      expect(answers.map(({ status }) => status).sort()).toEqual([
        ...Array(3).fill(201),
        ...Array(9).fill(409),
      ]);
      expect((await at.admin.call('listKeys', { params: { projectId: id } })).page.total).toBe(3);
    });
  });

  describe('409 name_taken', () => {
    test('for a name that the owner has, exactly so', async () => {
      const { id } = await at.createProject();
      await at.createKey(id, { ownerId: 'anna', name: 'Production' });
      expect(await refuse(id, { ownerId: 'anna', name: 'Production' })).toMatchObject({
        status: 409,
        code: 'name_taken',
      });
      expect(await refuse(id, { ownerId: 'anna', name: ' Production ' })).toMatchObject({
        code: 'name_taken',
      });
      for (const [ownerId, name] of [
        ['anna', 'production'],
        ['anna', 'Production.'],
        ['ben', 'Production'],
      ]) {
        await at.createKey(id, { ownerId: ownerId ?? '', name: name ?? '' });
      }
      for (let i = 0; i < 2; i++) await at.createKey(id, { name: 'Production' });
    });

    test('an inactive key keeps its name; a revoked and a deleted one release it', async () => {
      const { id } = await at.createProject();
      const body = { ownerId: 'anna', name: 'Production' };
      const { key } = await at.createKey(id, body);
      await at.admin.call('deactivateKey', { params: { keyId: key.id } });
      expect(await refuse(id, body)).toMatchObject({ code: 'name_taken' });
      await at.admin.call('revokeKey', { params: { keyId: key.id } });
      const again = await at.createKey(id, body);
      await at.admin.call('deleteKey', { params: { keyId: again.key.id } });
      await at.createKey(id, body);
    });

    test('not where the policy lets names repeat', async () => {
      const { id } = await at.createProject({ policy: { uniqueNames: false } });
      for (let i = 0; i < 3; i++) await at.createKey(id, { ownerId: 'anna', name: 'Production' });
    });
  });
});
