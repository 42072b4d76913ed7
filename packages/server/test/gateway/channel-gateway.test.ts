import { type ChannelGatewayPatch, defaultChannelGateway } from '@keywright/contract';
import { expect, test } from 'vitest';
import { once } from '../http/once.ts';
import { signUp } from '../support/account.ts';
import { onBothEngines } from '../support/installation.ts';
import { join } from '../support/membership.ts';
import { ask, doorNames, withKey } from './support/doors.ts';

/** What a channel asks of gateways. */
onBothEngines((at) => {
  const world = once(async () => {
    const project = await at.createProject();
    return { project, channel: await at.createChannel(project.id) };
  });

  test('holds from when its change is answered, and stands in the ledger with what was before', async () => {
    const channel = await at.createChannel((await world()).project.id);
    const { secret } = await at.createKey(channel.projectId, { channelId: channel.id });
    const statuses = () =>
      Promise.all(
        doorNames.map(
          async (door) => (await ask(at.url, door, channel.slug, { headers: withKey(secret) })).status,
        ),
      );
    expect(channel.gateway).toEqual(defaultChannelGateway);
    const changes: [ChannelGatewayPatch, number][] = [
      [{ scopeRules: [{ method: '*', path: '/*', scopes: ['a'] }] }, 403],
      [{ scopeRules: [] }, 200],
      [{ credentials: ['bearer'] }, 401],
      [{ credentials: ['x_api_key'], explain: false }, 200],
    ];
    for (const [gateway, expected] of changes) {
      expect(new Set(await statuses()).size).toBe(1);
      const before = await at.ledgerHead();
      const was = (await at.admin.call('getChannel', { params: { channelId: channel.id } })).gateway;
      const answer = await at.admin.call('updateChannel', {
        params: { channelId: channel.id },
        body: { gateway },
      });
      expect(answer.propagation).toMatchObject({ nodes: 1, acknowledged: 1 });
      expect(await statuses()).toEqual([expected, expected, expected]);
      const after = { ...was, ...gateway };
      expect(answer.channel.gateway).toEqual(after);
      expect(await at.ledgerSince(before)).toMatchObject([
        {
          action: 'channel.updated',
          subject: { id: channel.id },
          detail: { gateway: { before: was, after } },
        },
      ]);
    }
  });

  test('is changed by who may change channels, and by nobody else', async () => {
    const { project, channel } = await world();
    const [owner, operator, member, stranger] = [
      await signUp(at),
      await signUp(at),
      await signUp(at),
      await signUp(at),
    ];
    await join(at, owner, project.id, 'owner');
    await join(at, operator, project.id, 'operator');
    await join(at, member, project.id, 'member');
    const other = await at.createProject();
    const request = { params: { channelId: channel.id }, body: { gateway: { explain: true } } };
    for (const [who, status] of [
      [owner, 200],
      [operator, 200],
      [member, 403],
      [stranger, 404],
      [await at.createServiceKey(project.id, ['channels:write']), 200],
      [await at.createServiceKey(project.id, ['channels:read', 'keys:write', 'verify']), 403],
      [await at.createServiceKey(other.id), 404],
      [at.as(null), 401],
    ] as const)
      expect((await who.send('updateChannel', request)).status).toBe(status);
    for (const who of [owner, operator, member])
      expect((await who.call('getChannel', { params: { channelId: channel.id } })).gateway.explain).toBe(
        true,
      );
  });

  test('is refused when it cannot be meant, with the field that is wrong', async () => {
    const { project, channel } = await world();
    for (const [gateway, path] of [
      [{ credentials: [] }, 'gateway.credentials'],
      [{ credentials: ['cookie'] }, 'gateway.credentials.0'],
      [{ scopeRules: [{ method: 'get', path: '/', scopes: [] }] }, 'gateway.scopeRules.0.method'],
      [{ scopeRules: [{ method: 'GET', path: '/a/../b', scopes: [] }] }, 'gateway.scopeRules.0.path'],
      [{ preflight: 'maybe' }, 'gateway.preflight'],
      [{ explain: null }, 'gateway.explain'],
      [null, 'gateway'],
    ] as const) {
      const changed = await at.admin.refuse('updateChannel', {
        params: { channelId: channel.id },
        body: { gateway },
      });
      expect(changed).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
      const made = await at.admin.refuse('createChannel', {
        params: { projectId: project.id },
        body: { slug: at.uniqueName('refused'), name: 'x', gateway },
      });
      expect(made).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
    }
  });
});
