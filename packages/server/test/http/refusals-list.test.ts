import type { VerifyBody } from '@keywright/contract';
import { describe, expect, test, vi } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { generateSecret } from '../../src/keys/secret-format.ts';
import { signUp } from '../support/account.ts';
import type { Client } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';
import { join } from '../support/membership.ts';
import { once } from './once.ts';

const soon = { timeout: 10_000, interval: 50 };

onBothEngines((at) => {
  const list = (projectId: string, query: Record<string, string | number> = {}, caller: Client = at.admin) =>
    caller.call('listRefusals', { params: { projectId }, query });
  const idsOf = async (...args: Parameters<typeof list>) =>
    (await list(...args)).items.map(({ requestId }) => requestId);
  const refuse = async (projectId: string, body: VerifyBody, caller: Client) => {
    const { requestId, valid } = await caller.call('verify', { body });
    expect(valid).toBe(false);
    const params = { projectId, requestId };
    await vi.waitUntil(async () => (await at.admin.send('getRefusal', { params })).status === 200, soon);
    return requestId;
  };

  /** A project in which something was refused to two members, to a customer, and where there was no key. */
  const world = once(async () => {
    const { id: projectId } = await at.createProject();
    const channel = await at.createChannel(projectId);
    const params = { projectId };
    const [operator, ann, bob] = [
      await join(at, await signUp(at), projectId, 'operator'),
      await join(at, await signUp(at), projectId, 'member'),
      await join(at, await signUp(at), projectId, 'member'),
    ];
    const asking = await at.createServiceKey(projectId, ['verify']);
    const [annsKey, bobsKey] = [
      await ann.call('createKey', { params }),
      await bob.call('createKey', { params, body: { name: 'Of Bob' } }),
    ];
    const scopes = ['of-no-key'];
    const ids = [
      await refuse(projectId, { key: annsKey.secret, scopes, channel: channel.slug }, asking),
      await refuse(projectId, { key: bobsKey.secret, scopes, channel: channel.id, ip: '192.0.2.7' }, asking),
      await refuse(projectId, { key: generateSecret('kw').reveal() }, asking),
      await refuse(projectId, { key: annsKey.secret, scopes, cost: 3 }, asking),
    ] as const;
    return { projectId, channel, operator, ann, bob, annsKey, bobsKey, ids };
  });

  test('is the newest first, each as it is found by its id', async () => {
    const { projectId, ids } = await world();
    const { items, page } = await list(projectId);
    expect(items.map(({ requestId }) => requestId)).toEqual(ids.toReversed());
    expect(page).toEqual({ next: null, previous: null, from: 1, to: 4, total: 4, totalIsExact: true });
    for (const item of items) {
      const params = { projectId, requestId: item.requestId };
      expect(item).toEqual(await at.admin.call('getRefusal', { params }));
    }
  });

  test('is narrowed to a key, a channel by either name, a code, and all of them', async () => {
    const { projectId, channel, annsKey, bobsKey, ids } = await world();
    expect(await idsOf(projectId, { keyId: annsKey.key.id })).toEqual([ids[3], ids[0]]);
    for (const name of [channel.id, channel.slug])
      expect(await idsOf(projectId, { channel: name })).toEqual([ids[1], ids[0]]);
    expect(await idsOf(projectId, { code: 'not_found' })).toEqual([ids[2]]);
    const all = { keyId: bobsKey.key.id, channel: channel.slug, code: 'insufficient_scope' };
    expect(await idsOf(projectId, all)).toEqual([ids[1]]);
    expect(await idsOf(projectId, { ...all, code: 'expired' })).toEqual([]);
    expect(await idsOf(projectId, { channel: 'nowhere' })).toEqual([]);
    expect(await idsOf(projectId, { keyId: newId('key', 1) })).toEqual([]);
  });

  test('has pages both ways, and a cursor is good for its own list only', async () => {
    const { projectId, annsKey, ids } = await world();
    const first = await list(projectId, { limit: 3 });
    expect(first.page).toMatchObject({ from: 1, to: 3, total: 4, previous: null });
    const cursor = first.page.next ?? '';
    const second = await list(projectId, { limit: 3, cursor });
    expect(second.items.map(({ requestId }) => requestId)).toEqual([ids[0]]);
    expect(second.page).toMatchObject({ from: 4, to: 4, next: null });
    expect(await list(projectId, { limit: 3, cursor: second.page.previous ?? '' })).toMatchObject({
      items: first.items,
    });
    const { id: otherId } = await at.createProject();
    const content = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as object;
    const forged = ['x', '1.5', '-1', '', '9'.repeat(30), '1 or 1=1', '１'].map((i) =>
      Buffer.from(JSON.stringify({ ...content, i })).toString('base64url'),
    );
    const misused: [string, Record<string, string>][] = [
      [otherId, { cursor }],
      [projectId, { cursor, keyId: annsKey.key.id }],
      [projectId, { cursor, code: 'not_found' }],
      [projectId, { cursor, channel: 'maps' }],
      ...forged.map((text): [string, Record<string, string>] => [projectId, { cursor: text }]),
    ];
    for (const [id, query] of misused) {
      const problem = await at.admin.refuse('listRefusals', { params: { projectId: id }, query });
      expect(problem, JSON.stringify(query)).toMatchObject({ status: 400, errors: [{ path: 'cursor' }] });
    }
  });

  describe('tenancy', () => {
    test('a member sees what was asked of its own keys, by no filter more; an operator sees all', async () => {
      const { projectId, channel, operator, ann, bob, annsKey, bobsKey, ids } = await world();
      expect(await idsOf(projectId, {}, operator)).toEqual(ids.toReversed());
      const { items, page } = await list(projectId, {}, ann);
      expect(items.map(({ requestId }) => requestId)).toEqual([ids[3], ids[0]]);
      expect(page.total).toBe(2);
      expect(await idsOf(projectId, {}, bob)).toEqual([ids[1]]);
      expect(await idsOf(projectId, { keyId: annsKey.key.id }, ann)).toEqual([ids[3], ids[0]]);
      expect(await idsOf(projectId, { keyId: bobsKey.key.id }, ann)).toEqual([]);
      expect(await idsOf(projectId, { channel: channel.id }, ann)).toEqual([ids[0]]);
      // Where no key was found it was nobody's.
      expect(await idsOf(projectId, { code: 'not_found' }, ann)).toEqual([]);
      const { next } = (await list(projectId, { limit: 1 }, operator)).page;
      const query = { limit: 1, cursor: next ?? '' };
      expect(await ann.refuse('listRefusals', { params: { projectId }, query })).toMatchObject({
        status: 400,
      });
    });

    test('another project’s are not there, by no way to them', async () => {
      const { projectId, annsKey, ann, ids } = await world();
      const { id: otherId } = await at.createProject();
      const foreign = await at.createServiceKey(otherId, ['usage:read']);
      for (const query of [{}, { keyId: annsKey.key.id }]) {
        expect(await idsOf(otherId, query)).toEqual([]);
        expect(await idsOf(otherId, query, foreign)).toEqual([]);
        for (const caller of [foreign, await signUp(at)])
          expect(await caller.refuse('listRefusals', { params: { projectId }, query })).toMatchObject({
            status: 404,
          });
      }
      expect(await ann.refuse('listRefusals', { params: { projectId: otherId } })).toMatchObject({
        status: 404,
      });
      const reading = await at.createServiceKey(projectId, ['usage:read']);
      expect(await idsOf(projectId, {}, reading)).toEqual(ids.toReversed());
      const blind = await at.createServiceKey(projectId, ['keys:read', 'verify']);
      expect(await blind.refuse('listRefusals', { params: { projectId } })).toMatchObject({ status: 403 });
    });

    test('a deleted project’s are gone with it', async () => {
      const { id: projectId } = await at.createProject();
      const asking = await at.createServiceKey(projectId, ['verify']);
      await refuse(projectId, { key: 'nonsense' }, asking);
      await at.admin.call('deleteProject', { params: { projectId } });
      expect(await at.admin.refuse('listRefusals', { params: { projectId } })).toMatchObject({ status: 404 });
    });
  });

  test.each<[string, Record<string, string>]>([
    ['keyId', { keyId: 'key_1' }],
    ['keyId', { keyId: '' }],
    ['code', { code: 'valid' }],
    ['channel', { channel: '' }],
    ['channel', { channel: 'a\0' }],
    ['channel', { channel: 'x'.repeat(201) }],
    ['limit', { limit: '0' }],
    ['limit', { limit: '101' }],
    ['cursor', { cursor: 'x' }],
    ['status', { status: 'active' }],
  ])('400 for a bad %s: %j', async (path, query) => {
    const { projectId } = await world();
    const problem = await at.admin.refuse('listRefusals', {
      params: { projectId },
      query: query as Record<string, string>,
    });
    expect(problem).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ path }] });
  });
});
