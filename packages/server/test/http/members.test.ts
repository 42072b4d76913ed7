import { describe, expect, test } from 'vitest';
import { type AccountClient, signUp } from '../support/account.ts';
import { onBothEngines } from '../support/installation.ts';
import { join } from '../support/membership.ts';
import { once } from './once.ts';
import { expectNoTrace } from './refusals.ts';

onBothEngines((at) => {
  /** A team that no test changes, in a project with a channel and keys of different owners. */
  const team = once(async () => {
    const { id: projectId } = await at.createProject();
    const people = {
      owner: await join(at, await signUp(at), projectId, 'owner'),
      operator: await join(at, await signUp(at), projectId, 'operator'),
      ann: await join(at, await signUp(at), projectId, 'member'),
      bob: await join(at, await signUp(at), projectId, 'member'),
    };
    const channel = await at.createChannel(projectId);
    const params = { projectId };
    await people.ann.call('createKey', { params });
    await people.ann.call('createKey', { params, body: { channelId: channel.id } });
    await people.bob.call('createKey', { params, body: { channelId: channel.id } });
    await at.createKey(projectId);
    return { projectId, params, channel, ...people };
  });
  const pair = async () => {
    const { id: projectId } = await at.createProject();
    const ann = await join(at, await signUp(at), projectId, 'member');
    const member = { projectId, accountId: ann.id };
    return { projectId, params: { projectId }, ann, member };
  };

  describe('the list', () => {
    test('tells those who run the project of everybody', async () => {
      const { params, owner, operator, ann, bob } = await team();
      const shown = (who: AccountClient, role: string, keyCount: number) => ({
        accountId: who.id,
        name: who.name,
        email: who.email,
        role,
        keyCount,
        joinedAt: expect.any(String),
      });
      for (const caller of [owner, operator, at.admin]) {
        const { items, page } = await caller.call('listMembers', { params });
        expect(items).toEqual([
          shown(bob, 'member', 1),
          shown(ann, 'member', 2),
          shown(operator, 'operator', 0),
          shown(owner, 'owner', 0),
        ]);
        expect(page).toMatchObject({ from: 1, to: 4, total: 4, next: null });
      }
    });

    test('tells a member of itself and those who run the project, and of no other’s keys', async () => {
      const { params, owner, operator, ann, bob } = await team();
      const { items, page } = await ann.call('listMembers', { params });
      expect(items.map(({ accountId, keyCount }) => [accountId, keyCount])).toEqual([
        [ann.id, 2],
        [operator.id, null],
        [owner.id, null],
      ]);
      expect(page.total).toBe(3);
      const first = await ann.call('listMembers', { params, query: { limit: 1 } });
      const rest = await ann.call('listMembers', { params, query: { cursor: first.page.next ?? '' } });
      expect([...first.items, ...rest.items]).toEqual(items);
      const query = { cursor: first.page.next ?? '' };
      expect(await bob.refuse('listMembers', { params, query })).toMatchObject({ code: 'validation_failed' });
    });

    test('of keys in a project or channel a member is told the number of its own', async () => {
      const { projectId, params, channel, operator, ann, bob } = await team();
      const counts = async (caller: AccountClient) => [
        (await caller.call('getProject', { params })).keyCount,
        (await caller.call('listProjects')).items.find(({ id }) => id === projectId)?.keyCount,
        (await caller.call('getChannel', { params: { channelId: channel.id } })).keyCount,
        (await caller.call('listChannels', { params })).items[0]?.keyCount,
      ];
      expect(await counts(operator)).toEqual([4, 4, 2, 2]);
      expect(await counts(ann)).toEqual([2, 2, 1, 1]);
      expect(await counts(bob)).toEqual([1, 1, 1, 1]);
    });
  });

  test('what a role allows or does not begins and ends with the next request', async () => {
    const { params, ann, member } = await pair();
    const body = { ownerId: 'somebody' };
    expect(await ann.refuse('createKey', { params, body })).toMatchObject({ code: 'validation_failed' });
    const { member: shown, propagation } = await at.admin.call('updateMember', {
      params: member,
      body: { role: 'operator' },
    });
    expect(shown).toMatchObject({ accountId: ann.id, role: 'operator', email: ann.email });
    expect(propagation).toMatchObject({ nodes: 1, acknowledged: 1 });
    const { key } = await ann.call('createKey', { params, body });
    await at.admin.call('updateMember', { params: member, body: { role: 'member' } });
    expect(await ann.refuse('createKey', { params, body })).toMatchObject({ code: 'validation_failed' });
    expect(await ann.refuse('getKey', { params: { keyId: key.id } })).toMatchObject({ code: 'not_found' });
  });

  test('who was removed is out with the next request, and its keys are dead', async () => {
    const { params, ann, member } = await pair();
    const { key, secret } = await ann.call('createKey', { params });
    await at.admin.call('removeMember', { params: member });
    expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ code: 'revoked' });
    for (const name of ['getProject', 'listKeys', 'createKey', 'listMembers', 'listChannels'] as const)
      expect(await ann.refuse(name, { params }), name).toMatchObject({ code: 'not_found' });
    expect(await ann.refuse('getKey', { params: { keyId: key.id } })).toMatchObject({ code: 'not_found' });
    expect((await ann.call('listProjects')).items.map(({ id }) => id)).not.toContain(params.projectId);
    const seen = await at.admin.call('getKey', { params: { keyId: key.id } });
    expect(seen).toMatchObject({ status: 'revoked', revokedReason: 'owner_removed', ownerId: ann.id });
    expect(await at.admin.refuse('removeMember', { params: member })).toMatchObject({ code: 'not_found' });
    const again = { params: { keyId: key.id }, body: { expiresAt: null } };
    expect(await at.admin.refuse('updateKey', again)).toMatchObject({ code: 'key_revoked' });
  });

  test('a member leaves by itself, and can be invited anew', async () => {
    const { params, ann, member } = await pair();
    await ann.call('removeMember', { params: member });
    expect(await ann.refuse('getProject', { params })).toMatchObject({ code: 'not_found' });
    await join(at, ann, params.projectId, 'operator');
    expect((await ann.call('listMembers', { params })).items).toMatchObject([{ role: 'operator' }]);
  });

  test('keys go to another member when that is asked for', async () => {
    const { projectId, params, ann, member } = await pair();
    const bob = await join(at, await signUp(at), projectId, 'member');
    const { key, secret } = await ann.call('createKey', { params });
    await at.admin.call('removeMember', { params: member, query: { transferTo: bob.id } });
    expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({
      valid: true,
      key: { ownerId: bob.id },
    });
    expect((await bob.call('listKeys', { params })).items.map(({ id }) => id)).toEqual([key.id]);
  });

  test('400 for a heir in the body, where it is not looked for: nobody is removed', async () => {
    const { params, member, ann } = await pair();
    const { key } = await ann.call('createKey', { params });
    const path = `/v1/projects/${member.projectId}/members/${ann.id}`;
    const answer = await at.admin.request('DELETE', path, { body: { transferTo: ann.id } });
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ path: 'transferTo' }] } });
    expect(await ann.call('getKey', { params: { keyId: key.id } })).toMatchObject({ status: 'active' });
  });

  test('the only owner stays, and is told why', async () => {
    const ann = await signUp(at);
    const [own] = (await ann.call('listProjects')).items;
    const params = { projectId: own?.id ?? '', accountId: ann.id };
    await expectNoTrace(at, async () => {
      for (const caller of [ann, at.admin]) {
        const refusals = [
          await caller.refuse('removeMember', { params }),
          await caller.refuse('updateMember', { params, body: { role: 'operator' } }),
        ];
        for (const problem of refusals)
          expect(problem).toMatchObject({ status: 409, code: 'last_owner', detail: /only owner/ });
      }
    });
    await ann.call('updateMember', { params, body: { role: 'owner' } });
  });

  test('a member cannot make itself or others more, nor put others out', async () => {
    const { params, projectId, operator, ann, bob } = await team();
    await expectNoTrace(at, async () => {
      for (const caller of [operator, ann]) {
        for (const { id: accountId } of [caller, bob])
          expect(
            await caller.refuse('updateMember', {
              params: { projectId, accountId },
              body: { role: 'owner' },
            }),
          ).toMatchObject({ status: 403 });
        expect(
          await caller.refuse('removeMember', { params: { projectId, accountId: bob.id } }),
        ).toMatchObject({ status: 403 });
        const body = { email: 'friend@example.com', role: 'member' };
        expect(await caller.refuse('createInvitation', { params, body })).toMatchObject({ status: 403 });
      }
    });
  });

  test('400 for what is no role or no account', async () => {
    const { member } = await pair();
    await expectNoTrace(at, async () => {
      for (const role of ['admin', 'Owner', '', null, ['owner'], { owner: true }, 1])
        expect(await at.admin.refuse('updateMember', { params: member, body: { role } })).toMatchObject({
          code: 'validation_failed',
          errors: [{ path: 'role' }],
        });
      for (const transferTo of ['', 'me', 'customer-1', `${member.accountId} `, member.accountId])
        expect(
          await at.admin.refuse('removeMember', { params: member, query: { transferTo } }),
        ).toMatchObject({ code: 'validation_failed', errors: [{ path: 'transferTo' }] });
    });
  });
});
