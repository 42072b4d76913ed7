import { defaultPolicy, type EndpointName, presetPolicies, presets } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import type { BodyOf } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';

onBothEngines((at) => {
  describe('creation', () => {
    test('a name is enough', async () => {
      const made = await at.admin.call('createProject', { body: { name: ' My API ' } });
      expect(made).toStrictEqual({
        id: expect.stringMatching(/^prj_/),
        name: 'My API',
        preset: 'standard',
        policy: defaultPolicy,
        wording: {},
        createdAt: expect.any(String),
        keyCount: 0,
      });
      expect(await at.admin.call('getProject', { params: { projectId: made.id } })).toStrictEqual(made);
    });

    test.each(presets)('the preset %s sets its policy, of which parts can be another', async (preset) => {
      const policy = { prefix: 'acme', maxKeysPerOwner: 7 };
      expect((await at.createProject({ preset })).policy).toStrictEqual(presetPolicies[preset]);
      expect((await at.createProject({ preset, policy })).policy).toStrictEqual({
        ...presetPolicies[preset],
        ...policy,
      });
    });

    test.each([
      ['name', undefined],
      ['name', ''],
      ['name', '  '],
      ['name', 'x'.repeat(101)],
      ['name', 'a\0b'],
      ['name', 'a\nb'],
      ['preset', 'luxury'],
      ['preset', null],
      ['policy.prefix', 'A'],
      ['policy.prefix', 'a_'],
      ['policy.prefix', 'a'],
      ['policy.prefix', 'a_b_c'],
      ['policy.prefix', 'abcdefghijk'],
      ['policy.format', 'jwt'],
      ['policy.format', null],
      ['policy.maxKeysPerOwner', 0],
      ['policy.maxKeysPerOwner', 1.5],
      ['policy.maxKeysPerOwner', 1_000_001],
      ['policy.maxLifetimeDays', 0],
      ['policy.maxLifetimeDays', 36_501],
      ['policy.description', 'maybe'],
      ['policy.uniqueNames', 'yes'],
      ['policy.uniqueNames', null],
      ['policy.unknown', 1],
      ['wording.title', 5],
      ['wording.title', 'x'.repeat(501)],
      ['wording', []],
    ])('400 for %s = %j', async (path, value) => {
      const [field = '', part] = path.split('.');
      const body = { name: 'x', [field]: part === undefined ? value : { [part]: value } };
      const problem = await at.admin.refuse('createProject', { body });
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
    });

    test('400 for a policy by which no key could be made, and for the prefix of service keys', async () => {
      const refuse = (policy: object, body: object = {}) =>
        at.admin.refuse('createProject', { body: { name: 'x', policy, ...body } });
      for (const problem of [
        await refuse({ expiry: 'hidden', maxLifetimeDays: 5 }),
        await refuse({ maxLifetimeDays: 5 }, { preset: 'classic' }),
      ])
        expect(problem).toMatchObject({ status: 400, errors: [{ path: 'policy.maxLifetimeDays' }] });
      for (const prefix of ['kws', 'kws_a'])
        expect(await refuse({ prefix })).toMatchObject({ status: 400, errors: [{ path: 'policy.prefix' }] });
      expect((await at.createProject({ policy: { prefix: 'kwsa' } })).policy.prefix).toBe('kwsa');
    });

    test('wording: names of parts, at most 100 of them', async () => {
      const wording = Object.fromEntries(
        Array.from({ length: 100 }, (_, i) => [`part.${i}`, 'x'.repeat(500)]),
      );
      expect((await at.createProject({ wording })).wording).toStrictEqual(wording);
      for (const wrong of [
        { ...wording, more: 'x' },
        { 'a b': 'x' },
        { ['x'.repeat(65)]: 'x' },
        { '': 'x' },
      ]) {
        const problem = await at.admin.refuse('createProject', { body: { name: 'x', wording: wrong } });
        expect(problem.code).toBe('validation_failed');
      }
    });
  });

  describe('change', () => {
    test('policy and wording field by field; what is absent stays', async () => {
      const made = await at.createProject({ wording: { a: 'A', b: 'B' }, policy: { prefix: 'acme' } });
      const { project, propagation } = await at.admin.call('updateProject', {
        params: { projectId: made.id },
        body: { policy: { maxKeysPerOwner: null, format: 'pair' }, wording: { b: null, c: 'C' } },
      });
      expect(project).toStrictEqual({
        ...made,
        policy: { ...made.policy, maxKeysPerOwner: null, format: 'pair' },
        wording: { a: 'A', c: 'C' },
      });
      expect(propagation).toMatchObject({ nodes: 1, acknowledged: 1 });
      expect(await at.admin.call('getProject', { params: { projectId: made.id } })).toStrictEqual(project);
    });

    test('400 for a policy by which no key could be made, here or in one of its channels', async () => {
      const { id: projectId } = await at.createProject();
      const refuse = (policy: object) =>
        at.admin.refuse('updateProject', { params: { projectId }, body: { policy } });
      const update = (policy: BodyOf<'updateProject'>['policy'] = {}) =>
        at.admin.call('updateProject', { params: { projectId }, body: { policy } });
      await update({ expiry: 'hidden' });
      expect(await refuse({ maxLifetimeDays: 5 })).toMatchObject({
        status: 400,
        errors: [{ path: 'policy.maxLifetimeDays' }],
      });
      await update({ expiry: 'optional' });
      await at.createChannel(projectId, { slug: 'short-lived', policy: { maxLifetimeDays: 5 } });
      expect(await refuse({ expiry: 'hidden' })).toMatchObject({
        status: 400,
        detail: expect.stringContaining('short-lived'),
        errors: [{ path: 'policy.expiry' }],
      });
      await at.createChannel(projectId, { slug: 'for-ever', policy: { expiry: 'hidden' } });
      expect(await refuse({ maxLifetimeDays: 5 })).toMatchObject({
        status: 400,
        detail: expect.stringContaining('for-ever'),
        errors: [{ path: 'policy.maxLifetimeDays' }],
      });
      await update({ expiry: 'required' });
    });

    test('another preset changes no policy', async () => {
      const made = await at.createProject();
      const { project } = await at.admin.call('updateProject', {
        params: { projectId: made.id },
        body: { preset: 'pair' },
      });
      expect(project).toStrictEqual({ ...made, preset: 'pair' });
    });

    test('one that changes nothing leaves no row', async () => {
      const { id: projectId, name, policy } = await at.createProject();
      const before = await at.ledgerHead();
      for (const body of [{}, { name }, { policy }, { wording: {} }, { wording: { a: null } }]) {
        await at.admin.call('updateProject', { params: { projectId }, body });
      }
      expect(await at.ledgerHead()).toBe(before);
    });

    test('keys that exist stay as they are', async () => {
      const { id: projectId } = await at.createProject();
      const { key, secret } = await at.createKey(projectId, { description: 'x' });
      await at.admin.call('updateProject', {
        params: { projectId },
        body: { policy: { format: 'pair', description: 'hidden', expiry: 'required', maxKeysPerOwner: 1 } },
      });
      expect(await at.admin.call('getKey', { params: { keyId: key.id } })).toStrictEqual(key);
      expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ valid: true });
    });

    test('its keys are counted, those of its channels too', async () => {
      const { id: projectId } = await at.createProject();
      const channel = await at.createChannel(projectId);
      await at.createKey(projectId);
      await at.createKey(projectId, { channelId: channel.id });
      const { items } = await at.admin.call('listProjects', { query: { limit: 1 } });
      expect(items).toMatchObject([{ id: projectId, keyCount: 2 }]);
    });
  });

  describe('deletion', () => {
    test('its keys and service keys are dead when it answers, and nothing of it is found', async () => {
      const { id: projectId } = await at.createProject();
      const channel = await at.createChannel(projectId);
      const [free, bound] = [
        await at.createKey(projectId),
        await at.createKey(projectId, { channelId: channel.id }),
      ];
      const serviceKey = await at.createServiceKey(projectId);
      for (const { secret } of [free, bound]) {
        // Warm, so that the next answer would come from memory.
        const body = { key: secret, channel: channel.slug };
        expect(await serviceKey.call('verify', { body })).toMatchObject({ valid: true });
        expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ valid: true });
      }
      const { propagation } = await at.admin.call('deleteProject', { params: { projectId } });
      expect(propagation).toMatchObject({ nodes: 1, acknowledged: 1 });

      expect(await serviceKey.refuse('verify', { body: { key: free.secret } })).toMatchObject({
        status: 401,
      });
      for (const { secret } of [free, bound]) {
        const { code } = await at.admin.call('verify', { body: { key: secret } });
        expect(code).toBe('not_found');
      }
      for (const name of [channel.id, channel.slug]) {
        const body = { key: free.secret, channel: name };
        expect(await at.admin.refuse('verify', { body })).toMatchObject({ errors: [{ path: 'channel' }] });
      }
      const gone: [EndpointName, Record<string, string>, unknown?][] = [
        ['getProject', { projectId }],
        ['updateProject', { projectId }, { name: 'x' }],
        ['deleteProject', { projectId }],
        ['listKeys', { projectId }],
        ['createKey', { projectId }, {}],
        ['listChannels', { projectId }],
        ['createChannel', { projectId }, { slug: at.uniqueName('late'), name: 'x' }],
        ['getChannel', { channelId: channel.id }],
        ['updateChannel', { channelId: channel.id }, { name: 'x' }],
        ['deleteChannel', { channelId: channel.id }],
        ['getKey', { keyId: free.key.id }],
        ['updateKey', { keyId: free.key.id }, { name: 'x' }],
        ['deleteKey', { keyId: bound.key.id }],
        ['activateKey', { keyId: free.key.id }],
        ['deactivateKey', { keyId: free.key.id }],
        ['revokeKey', { keyId: free.key.id }],
        ['rotateKey', { keyId: bound.key.id }],
        ['retirePreviousSecret', { keyId: bound.key.id }],
        ['rotateServiceKey', { serviceKeyId: serviceKey.id }],
        ['deleteServiceKey', { serviceKeyId: serviceKey.id }],
      ];
      const before = await at.ledgerHead();
      for (const [name, params, body] of gone) {
        const problem = await at.admin.refuse(name, { params, ...(body !== undefined && { body }) });
        expect(problem, name).toMatchObject({ status: 404, code: 'not_found' });
      }
      const body = { name: 'Late', projectId, scopes: ['verify'] };
      expect(await at.admin.refuse('createServiceKey', { body })).toMatchObject({ status: 404 });
      expect(await at.ledgerHead()).toBe(before);
      const { items } = await at.admin.call('listProjects', { query: { limit: 100 } });
      expect(items.map(({ id }) => id)).not.toContain(projectId);
    });

    test('its ledger stays readable to the instance', async () => {
      const { id: projectId } = await at.createProject();
      const { key } = await at.createKey(projectId);
      await at.admin.call('deleteProject', { params: { projectId } });
      const { items } = await at.admin.call('listProjectLedger', { params: { projectId } });
      expect(items.map(({ action }) => action)).toEqual([
        'project.deleted',
        'key.created',
        'project.created',
      ]);
      expect(items[1]?.subject.id).toBe(key.id);
    });

    test('other projects go on', async () => {
      const [gone, other] = [await at.createProject(), await at.createProject()];
      const { secret } = await at.createKey(other.id);
      const caller = await at.createServiceKey(other.id);
      await at.admin.call('deleteProject', { params: { projectId: gone.id } });
      expect(await caller.call('verify', { body: { key: secret } })).toMatchObject({ valid: true });
    });

    test('a service key may delete its own project, with which it dies', async () => {
      const { id: projectId } = await at.createProject();
      const caller = await at.createServiceKey(projectId);
      await caller.call('deleteProject', { params: { projectId } });
      expect(await caller.refuse('getProject', { params: { projectId } })).toMatchObject({ status: 401 });
    });
  });
});
