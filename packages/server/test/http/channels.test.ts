import { defaultChannelGateway, emptyChannelPolicy } from '@keywright/contract';
import { describe, expect, test } from 'vitest';
import { onBothEngines } from '../support/installation.ts';

onBothEngines((at) => {
  const refuseKey = (projectId: string, body: unknown) =>
    at.admin.refuse('createKey', { params: { projectId }, body });

  test('a channel has what it was made with, and defaults for the rest', async () => {
    const { id: projectId } = await at.createProject();
    const slug = at.uniqueName('weather');
    const body = {
      slug,
      name: 'Weather',
      description: 'Rain\nand sun',
      upstream: 'https://weather.internal:8443/v2',
      policy: { format: 'pair', prefix: 'wx', maxKeysPerOwner: 3 },
    } as const;
    const made = await at.admin.call('createChannel', { params: { projectId }, body });
    expect(made).toStrictEqual({
      ...body,
      id: expect.stringMatching(/^chn_/),
      projectId,
      policy: { ...emptyChannelPolicy, ...body.policy },
      gateway: defaultChannelGateway,
      createdAt: expect.any(String),
      keyCount: 0,
    });
    expect(await at.admin.call('getChannel', { params: { channelId: made.id } })).toStrictEqual(made);
    const bare = await at.createChannel(projectId);
    expect(bare).toMatchObject({ description: null, upstream: null, policy: emptyChannelPolicy });
  });

  test('its policy overrides the project’s for its own keys only', async () => {
    const { id } = await at.createProject({ policy: { description: 'hidden', prefix: 'acme' } });
    const channel = await at.createChannel(id, {
      policy: { format: 'pair', prefix: 'wx', description: 'required', maxLifetimeDays: 7 },
    });
    expect(await refuseKey(id, { channelId: channel.id })).toMatchObject({
      errors: [{ path: 'description' }],
    });
    expect(await refuseKey(id, { channelId: channel.id, description: 'x' })).toMatchObject({
      errors: [{ path: 'expiresAt' }],
    });
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const bound = await at.createKey(id, { channelId: channel.id, description: 'x', expiresAt });
    expect(bound.key.publicId).toMatch(/^wx_pk_/);
    expect(bound.secret).toMatch(/^wx_/);
    const free = await at.createKey(id);
    expect(free.key).toMatchObject({ format: 'token', description: null, expiresAt: null });
    expect(free.secret).toMatch(/^acme_/);
  });

  test('400 for a policy by which, with the project’s, no key could be made', async () => {
    const { id: projectId } = await at.createProject({ policy: { maxLifetimeDays: 5 } });
    const body = { slug: at.uniqueName('slug'), name: 'x', policy: { expiry: 'hidden' } };
    const problem = { status: 400, errors: [{ path: 'policy.maxLifetimeDays' }] };
    expect(await at.admin.refuse('createChannel', { params: { projectId }, body })).toMatchObject(problem);
    const { id: channelId } = await at.createChannel(projectId);
    const params = { channelId };
    const change = { params, body: { policy: { expiry: 'hidden' } } };
    expect(await at.admin.refuse('updateChannel', change)).toMatchObject(problem);
    await at.admin.call('updateChannel', { params, body: { name: 'Another' } });
  });

  test('null in its policy goes back to the project’s', async () => {
    const { id } = await at.createProject({ policy: { prefix: 'acme' } });
    const { id: channelId } = await at.createChannel(id, { policy: { prefix: 'wx', format: 'pair' } });
    const { channel } = await at.admin.call('updateChannel', {
      params: { channelId },
      body: { policy: { prefix: null } },
    });
    expect(channel.policy).toStrictEqual({ ...emptyChannelPolicy, format: 'pair' });
    expect((await at.createKey(id, { channelId })).secret).toMatch(/^acme_/);
  });

  test('its limit is its own: neither the project’s keys nor another channel’s count', async () => {
    const { id } = await at.createProject({ policy: { maxKeysPerOwner: 1 } });
    const tight = await at.createChannel(id, { policy: { maxKeysPerOwner: 2 } });
    const open = await at.createChannel(id);
    const make = (channelId: string | null) => at.createKey(id, { ownerId: 'anna', channelId });
    await make(null);
    for (let i = 0; i < 2; i++) await make(tight.id);
    // A channel has no limit but the one that it sets.
    for (let i = 0; i < 3; i++) await make(open.id);
    for (const channelId of [null, tight.id]) {
      expect(await refuseKey(id, { ownerId: 'anna', channelId })).toMatchObject({
        code: 'key_limit_reached',
      });
    }
  });

  test('names are unique for the owner in the whole project, channels or not', async () => {
    const { id } = await at.createProject();
    const channel = await at.createChannel(id);
    await at.createKey(id, { ownerId: 'anna', name: 'Production' });
    const body = { ownerId: 'anna', name: 'Production', channelId: channel.id };
    expect(await refuseKey(id, body)).toMatchObject({ code: 'name_taken' });
    await at.admin.call('updateChannel', {
      params: { channelId: channel.id },
      body: { policy: { uniqueNames: false } },
    });
    await at.createKey(id, body);
  });

  describe('slugs', () => {
    test.each(['a', '', 'A-b', 'a_b', 'a b', 'ä-b', 'a'.repeat(41), 'ab\n', '-\0'])(
      '400 for %j',
      async (slug) => {
        const { id: projectId } = await at.createProject();
        const problem = await at.admin.refuse('createChannel', {
          params: { projectId },
          body: { slug, name: 'x' },
        });
        expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'slug' }] });
      },
    );

    test('2 and 40 characters are fine', async () => {
      const { id } = await at.createProject();
      const short = `${at.engine[0]}${Math.random().toString(36)[2] ?? '0'}`;
      await at.createChannel(id, { slug: short });
      await at.createChannel(id, { slug: at.uniqueName('a'.repeat(30)).padEnd(40, '-') });
    });

    test('409 slug_taken in the whole instance, for a new channel and for a renamed one', async () => {
      const [own, other] = [await at.createProject(), await at.createProject()];
      const { slug } = await at.createChannel(own.id);
      for (const { id: projectId } of [own, other]) {
        const body = { slug, name: 'x' };
        expect(await at.admin.refuse('createChannel', { params: { projectId }, body })).toMatchObject({
          status: 409,
          code: 'slug_taken',
        });
        const { id: channelId } = await at.createChannel(projectId);
        const renamed = await at.admin.refuse('updateChannel', { params: { channelId }, body: { slug } });
        expect(renamed).toMatchObject({ status: 409, code: 'slug_taken' });
      }
    });

    test('a released slug stays with its project, by renaming and by deleting', async () => {
      const [own, other] = [await at.createProject(), await at.createProject()];
      const [renamed, removed] = [await at.createChannel(own.id), await at.createChannel(own.id)];
      await at.admin.call('updateChannel', {
        params: { channelId: renamed.id },
        body: { slug: at.uniqueName('new') },
      });
      await at.admin.call('deleteChannel', { params: { channelId: removed.id } });
      for (const { slug } of [renamed, removed]) {
        const body = { slug, name: 'Takeover' };
        const problem = await at.admin.refuse('createChannel', { params: { projectId: other.id }, body });
        expect(problem).toMatchObject({ code: 'slug_taken' });
        await at.admin.call('createChannel', { params: { projectId: own.id }, body });
      }
    });

    test('a deleted project’s slugs are nobody else’s', async () => {
      const [own, other] = [await at.createProject(), await at.createProject()];
      const { slug } = await at.createChannel(own.id);
      await at.admin.call('deleteProject', { params: { projectId: own.id } });
      const problem = await at.admin.refuse('createChannel', {
        params: { projectId: other.id },
        body: { slug, name: 'x' },
      });
      expect(problem).toMatchObject({ code: 'slug_taken' });
    });

    test('keeping its own slug in a change is no conflict', async () => {
      const { id } = await at.createProject();
      const channel = await at.createChannel(id);
      const { slug } = channel;
      const body = { slug, name: 'Renamed' };
      const { channel: changed } = await at.admin.call('updateChannel', {
        params: { channelId: channel.id },
        body,
      });
      expect(changed).toStrictEqual({ ...channel, name: 'Renamed' });
    });
  });

  describe('upstream', () => {
    test.each([
      'ftp://host/',
      'javascript:alert(1)',
      '//host',
      'host',
      'http://user@host/',
      'http://:pw@host/',
      'http://host/?q',
      'http://host/#f',
      'http://',
      'http://host/\r\nX: y',
      'file:///etc/passwd',
      'http:host',
      'http:/host',
      'http:\\\\host\\path',
      ' http://host',
      'http://host ',
      'http://host/a b',
      'http://host?',
      'http://host#',
      'http://@host',
    ])('400 for %j', async (upstream) => {
      const { id: projectId } = await at.createProject();
      const body = { slug: at.uniqueName('up'), name: 'x', upstream };
      const problem = await at.admin.refuse('createChannel', { params: { projectId }, body });
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'upstream' }] });
    });
  });

  describe('changes', () => {
    test('absent fields stay, null clears', async () => {
      const { id } = await at.createProject();
      const made = await at.createChannel(id, { description: 'x', upstream: 'http://127.0.0.1:9' });
      const params = { channelId: made.id };
      const first = await at.admin.call('updateChannel', { params, body: { description: null } });
      expect(first.channel).toStrictEqual({ ...made, description: null });
      const second = await at.admin.call('updateChannel', { params, body: { upstream: null } });
      expect(second.channel).toStrictEqual({ ...made, description: null, upstream: null });
    });

    test('one that changes nothing leaves no row', async () => {
      const { id } = await at.createProject();
      const { id: channelId, name } = await at.createChannel(id);
      const before = await at.ledgerHead();
      for (const body of [{}, { name }, { policy: {} }, { policy: { prefix: null } }]) {
        await at.admin.call('updateChannel', { params: { channelId }, body });
      }
      expect(await at.ledgerHead()).toBe(before);
    });

    test('the list has them newest first, with how many keys are bound to each', async () => {
      const { id } = await at.createProject();
      const first = await at.createChannel(id);
      const second = await at.createChannel(id);
      await at.createKey(id, { channelId: first.id });
      const gone = await at.createKey(id, { channelId: first.id });
      await at.admin.call('deleteKey', { params: { keyId: gone.key.id } });
      const { items, page } = await at.admin.call('listChannels', { params: { projectId: id } });
      expect(items).toStrictEqual([second, { ...first, keyCount: 1 }]);
      expect(page).toEqual({ next: null, previous: null, from: 1, to: 2, total: 2, totalIsExact: true });
    });
  });

  describe('deletion', () => {
    test('409 channel_in_use while an active or an inactive key is bound to it', async () => {
      const { id } = await at.createProject();
      const { id: channelId } = await at.createChannel(id);
      const { key } = await at.createKey(id, { channelId });
      const refused = async () => {
        const problem = await at.admin.refuse('deleteChannel', { params: { channelId } });
        expect(problem).toMatchObject({ status: 409, code: 'channel_in_use' });
      };
      await refused();
      await at.admin.call('deactivateKey', { params: { keyId: key.id } });
      await refused();
      await at.admin.call('revokeKey', { params: { keyId: key.id } });
      await at.admin.call('deleteChannel', { params: { channelId } });
      // The revoked key stays in the list, and says where it was.
      expect(await at.admin.call('getKey', { params: { keyId: key.id } })).toMatchObject({
        status: 'revoked',
        channelId,
      });
    });

    test('expired keys are revoked with it, so that no new expiry revives them', async () => {
      const { id } = await at.createProject();
      const { id: channelId } = await at.createChannel(id);
      const { key } = await at.createExpired(id, { channelId });
      const params = { keyId: key.id };
      const before = await at.ledgerHead();
      await at.admin.call('deleteChannel', { params: { channelId } });
      expect(await at.admin.call('getKey', { params })).toMatchObject({
        status: 'revoked',
        revokedReason: 'channel_deleted',
      });
      const body = { expiresAt: '2099-01-01T00:00:00Z' };
      expect(await at.admin.refuse('updateKey', { params, body })).toMatchObject({ code: 'key_revoked' });
      expect((await at.ledgerSince(before)).map(({ action, subject }) => [action, subject.id])).toEqual([
        ['key.revoked', key.id],
        ['channel.deleted', channelId],
      ]);
    });

    test('it is gone from everywhere', async () => {
      const { id } = await at.createProject();
      const { id: channelId, slug } = await at.createChannel(id);
      const { secret } = await at.createKey(id);
      const warm = await at.admin.call('verify', { body: { key: secret, channel: slug } });
      expect(warm.valid).toBe(true);
      await at.admin.call('deleteChannel', { params: { channelId } });
      for (const name of ['getChannel', 'updateChannel', 'deleteChannel'] as const) {
        const options = { params: { channelId }, ...(name === 'updateChannel' && { body: {} }) };
        expect(await at.admin.refuse(name, options)).toMatchObject({ status: 404 });
      }
      expect((await at.admin.call('listChannels', { params: { projectId: id } })).items).toEqual([]);
      for (const channel of [channelId, slug]) {
        const problem = await at.admin.refuse('verify', { body: { key: secret, channel } });
        expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: 'channel' }] });
      }
    });
  });
});
