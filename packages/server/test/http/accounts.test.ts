import { expect, test } from 'vitest';
import { administrator, browser, post, signIn, signUp } from '../support/account.ts';
import { onBothEngines } from '../support/installation.ts';
import { join, newcomer } from '../support/membership.ts';
import { expectNoTrace } from './refusals.ts';

onBothEngines((at) => {
  test('administrators see all accounts, and find them by parts of their names and addresses', async () => {
    const name = at.uniqueName('Searched 100% _sure_');
    const ann = await signUp(at, { name });
    await join(at, ann, (await at.createProject()).id, 'member');
    const expected = {
      id: ann.id,
      name,
      email: ann.email,
      isInstanceAdmin: false,
      pendingEmail: null,
      projectCount: 2,
      createdAt: expect.any(String),
    };
    for (const caller of [at.admin, await administrator(at)]) {
      const { items, page } = await caller.call('listAccounts', { query: { limit: 1 } });
      expect(items).toEqual([expected]);
      expect(page.total).toBeGreaterThan(1);
      for (const search of [name, '100% _SURE_', ann.email, ann.email.slice(3, 20).toUpperCase()])
        expect((await caller.call('listAccounts', { query: { search } })).items, search).toEqual([expected]);
      for (const search of ['100_ _sure_', '100%%', `' OR 1=1 --`, '\\'])
        expect((await caller.call('listAccounts', { query: { search } })).items, search).toEqual([]);
    }
  });

  test('who is made administrator is one with the next request, until it is taken back', async () => {
    const ann = await signUp(at);
    const params = { accountId: ann.id };
    const set = (isInstanceAdmin: boolean) => ({ params, body: { isInstanceAdmin } });
    expect(await ann.refuse('listAccounts')).toMatchObject({ status: 403 });
    expect(await ann.refuse('updateAccount', set(true))).toMatchObject({ status: 403 });
    const admin = await administrator(at);
    const granted = await admin.call('updateAccount', set(true));
    expect(granted.account).toMatchObject({ id: ann.id, isInstanceAdmin: true });
    await ann.call('listAccounts');
    expect(await ann.call('getMe')).toMatchObject({ isInstanceAdmin: true });
    await expectNoTrace(at, async () => {
      await admin.call('updateAccount', set(true));
    });
    await admin.call('updateAccount', set(false));
    expect(await ann.refuse('listAccounts')).toMatchObject({ status: 403 });
  });

  test('the only administrator stays one', async () => {
    const admin = await administrator(at);
    const params = { accountId: admin.id };
    await expectNoTrace(at, async () => {
      for (const caller of [admin, at.admin]) {
        const body = { isInstanceAdmin: false };
        const problem = await caller.refuse('updateAccount', { params, body });
        expect(problem).toMatchObject({ status: 409, code: 'last_owner', detail: /only administrator/ });
      }
    });
    await admin.call('listAccounts');
  });

  test('other people are not there', async () => {
    const [ann, bob] = [await signUp(at), await signUp(at)];
    const { id: projectId } = await at.createProject();
    for (const who of [ann, bob]) await join(at, who, projectId, 'owner');
    const params = { accountId: bob.id };
    await expectNoTrace(at, async () => {
      for (const name of ['exportAccount', 'eraseAccount'] as const)
        expect(await ann.refuse(name, { params })).toMatchObject({ status: 404 });
      const body = { isInstanceAdmin: true };
      expect(await ann.refuse('updateAccount', { params, body })).toMatchObject({ status: 404 });
    });
  });

  test('a person gets its data as one document, and so does an administrator', async () => {
    const ann = await signUp(at, { name: 'Ann "Quote" \\ é 🗝️' });
    const [own] = (await ann.call('listProjects')).items;
    for (let i = 0; i < 3; i++) await ann.call('createKey', { params: { projectId: own?.id ?? '' } });
    const params = { accountId: ann.id };
    const mine = await ann.call('exportAccount', { params });
    expect(mine.account).toMatchObject({ id: ann.id, name: ann.name, email: ann.email });
    expect(mine.memberships).toMatchObject([{ projectId: own?.id, role: 'owner' }]);
    expect(mine.sessions).toHaveLength(1);
    expect(mine.keys).toHaveLength(3);
    const actions = mine.ledger.map(({ action }) => action);
    expect(actions.slice(0, 1)).toEqual(['account.created']);
    expect(actions.filter((action) => action === 'key.created')).toHaveLength(3);
    expect(JSON.stringify(mine)).not.toContain(ann.cookie.split('=')[1]?.slice(0, 20));
    expect(await at.admin.call('exportAccount', { params })).toEqual(mine);
    const head = await ann.request('HEAD', `/v1/accounts/${ann.id}/export`);
    expect([head.status, head.text]).toEqual([200, '']);
  });

  test('who erases itself is gone: signed out, unknown, and free to begin anew', async () => {
    const ann = await newcomer(at);
    const { id: projectId } = await at.createProject();
    await join(at, ann, projectId, 'member');
    const { secret } = await ann.call('createKey', { params: { projectId } });
    const elsewhere = await signIn(at.url, ann);
    await ann.call('eraseAccount', { params: { accountId: ann.id } });
    expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ code: 'revoked' });
    for (const session of [ann, elsewhere])
      expect(await session.refuse('listProjects')).toMatchObject({ status: 401 });
    const { email, password } = ann;
    const refused = await post(browser(at.url), '/sign-in/email', { email, password });
    expect(refused.status).toBe(401);
    expect(await at.admin.refuse('exportAccount', { params: { accountId: ann.id } })).toMatchObject({
      status: 404,
    });
    const again = await signUp(at, { email, password, name: 'Anew' });
    expect(again.id).not.toBe(ann.id);
    expect((await again.call('listProjects')).items.map(({ id }) => id)).not.toContain(projectId);
  });

  test('who alone owns a project is told which, and stays', async () => {
    const ann = await signUp(at);
    const [own] = (await ann.call('listProjects')).items;
    await expectNoTrace(at, async () => {
      const problem = await ann.refuse('eraseAccount', { params: { accountId: ann.id } });
      expect(problem).toMatchObject({ status: 409, code: 'last_owner' });
      expect(problem.detail).toContain(own?.id);
    });
    await ann.call('listProjects');
  });
});
