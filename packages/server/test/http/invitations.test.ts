import { expect, test } from 'vitest';
import { signUp } from '../support/account.ts';
import { onBothEngines } from '../support/installation.ts';
import { join, tokenOf } from '../support/membership.ts';
import { expectNoTrace } from './refusals.ts';

onBothEngines((at) => {
  const begin = async () => {
    const { id: projectId } = await at.createProject();
    const ann = await signUp(at);
    const invite = (email = ann.email, role: 'owner' | 'operator' | 'member' = 'member') =>
      at.admin.call('createInvitation', { params: { projectId }, body: { email, role } });
    const accept = (link: string, who = ann) =>
      who.call('acceptInvitation', { body: { token: tokenOf(link) } });
    const refuse = (link: string, who = ann) =>
      who.refuse('acceptInvitation', { body: { token: tokenOf(link) } });
    const list = () => at.admin.call('listInvitations', { params: { projectId } });
    return { projectId, params: { projectId }, ann, invite, accept, refuse, list };
  };

  test('a link makes whoever has the address a member, once', async () => {
    const { params, ann, invite, accept, refuse, list } = await begin();
    const { invitation, link } = await invite(` ${ann.email.toUpperCase()} `, 'operator');
    expect(link).toMatch(new RegExp(`^${at.url}/invite#token=[\\w-]{43}$`));
    expect(invitation).toMatchObject({ email: ann.email, role: 'operator' });
    const lifetime = Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt);
    expect(lifetime).toBe(7 * 24 * 3600 * 1000);
    expect((await list()).items).toEqual([invitation]);
    expect(await accept(link)).toEqual({ projectId: params.projectId, role: 'operator' });
    expect((await ann.call('listMembers', { params })).items).toMatchObject([{ role: 'operator' }]);
    expect(await refuse(link)).toMatchObject({ status: 404, detail: /used, replaced or taken back/ });
    expect((await list()).items).toEqual([]);
  });

  test('the token is in nothing but the one answer', async () => {
    const { projectId, params, invite, list } = await begin();
    const { link } = await invite();
    const token = tokenOf(link);
    const { items } = await at.admin.call('listProjectLedger', { params: { projectId } });
    const exported = await at.admin.request('GET', '/v1/ledger', {
      headers: { Accept: 'application/x-ndjson' },
    });
    expect(exported.text).toContain('invitation.created');
    for (const text of [
      JSON.stringify(items),
      JSON.stringify(await list()),
      exported.text,
      at.service.logs(),
    ])
      expect(text).not.toContain(token);
    expect(Object.keys((await list()).items[0] ?? {}).sort()).toEqual(
      ['createdAt', 'createdBy', 'email', 'expiresAt', 'id', 'role'].sort(),
    );
    expect(JSON.stringify(await at.admin.call('getProject', { params }))).not.toContain(token);
  });

  test('nobody else gets in with it', async () => {
    const { params, invite, accept, refuse } = await begin();
    const { link } = await invite();
    const eve = await signUp(at);
    await expectNoTrace(at, async () => {
      expect(await refuse(link, eve)).toMatchObject({ status: 403, detail: /another e-mail address/ });
    });
    expect(await eve.refuse('getProject', { params })).toMatchObject({ status: 404 });
    await accept(link);
  });

  test('another invitation for the same address replaces the first', async () => {
    const { invite, accept, refuse, list } = await begin();
    const first = await invite();
    const second = await invite(undefined, 'operator');
    expect((await list()).items).toEqual([second.invitation]);
    expect(await refuse(first.link)).toMatchObject({ status: 404 });
    expect(await accept(second.link)).toMatchObject({ role: 'operator' });
  });

  test('one that is taken back is good for nothing', async () => {
    const { projectId, invite, refuse } = await begin();
    const { invitation, link } = await invite();
    const params = { projectId, invitationId: invitation.id };
    const other = await at.createProject();
    const elsewhere = { projectId: other.id, invitationId: invitation.id };
    expect(await at.admin.refuse('deleteInvitation', { params: elsewhere })).toMatchObject({ status: 404 });
    const { propagation } = await at.admin.call('deleteInvitation', { params });
    expect(propagation).toMatchObject({ acknowledged: 1 });
    expect(await refuse(link)).toMatchObject({ status: 404 });
    expect(await at.admin.refuse('deleteInvitation', { params })).toMatchObject({ status: 404 });
  });

  test('members are not invited', async () => {
    const { projectId, ann, invite, list } = await begin();
    await join(at, ann, projectId, 'member');
    const body = { email: ann.email.toUpperCase(), role: 'owner' };
    await expectNoTrace(at, async () => {
      expect(await at.admin.refuse('createInvitation', { params: { projectId }, body })).toMatchObject({
        status: 400,
        errors: [{ path: 'email', message: 'belongs to a member of the project already' }],
      });
    });
    await invite('another@example.com');
    expect((await list()).items).toHaveLength(1);
  });

  test('owners and operators see them, members do not', async () => {
    const { projectId, params, invite } = await begin();
    const people = [];
    for (const role of ['owner', 'operator', 'member'] as const)
      people.push(await join(at, await signUp(at), projectId, role));
    const { invitation } = await invite();
    const [owner, operator, member] = people;
    for (const caller of [owner, operator])
      expect((await caller?.call('listInvitations', { params }))?.items).toEqual([invitation]);
    expect(await member?.refuse('listInvitations', { params })).toMatchObject({ status: 403 });
    const own = await owner?.call('createInvitation', {
      params,
      body: { email: 'new@example.com', role: 'owner' },
    });
    expect(own?.invitation.createdBy).toBe(owner?.id);
  });

  test('400 for what is no e-mail address', async () => {
    const { params } = await begin();
    const wrong = ['', ' ', 'ann', 'ann@', '@example.com', 'a@b@c.example', 'a b@example.com', 'a@example'];
    const hostile = [
      'a@example.com\nBcc: b@example.com',
      '<a@example.com>',
      'a@example.com\0',
      '\ud800@x.example',
    ];
    const long = `${'a'.repeat(250)}@example.com`;
    await expectNoTrace(at, async () => {
      for (const email of [...wrong, ...hostile, long, null, 1, ['a@example.com'], { a: 1 }]) {
        const problem = await at.admin.refuse('createInvitation', {
          params,
          body: { email, role: 'member' },
        });
        expect(problem, String(email)).toMatchObject({ status: 400, errors: [{ path: 'email' }] });
      }
    });
  });

  test('a token that nobody made is refused, whatever it is', async () => {
    const { ann } = await begin();
    await expectNoTrace(at, async () => {
      for (const token of ['x', "' OR 1=1 --", '\0', 'é'.repeat(200), 'A'.repeat(43)])
        expect(await ann.refuse('acceptInvitation', { body: { token } })).toMatchObject({ status: 404 });
      for (const token of ['', 'x'.repeat(201), null, 1, ['x'], {}])
        expect(await ann.refuse('acceptInvitation', { body: { token } })).toMatchObject({ status: 400 });
    });
  });
});
