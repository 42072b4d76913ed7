import { expect, test } from 'vitest';
import { administrator, browser, cookieOf, post, signIn, signUp } from '../support/account.ts';
import { readProblem } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';

onBothEngines((at) => {
  test('who signs up owns a project, and the ledger tells of all of it', async () => {
    await administrator(at);
    const before = await at.ledgerHead();
    const ada = await signUp(at, { name: 'Ada' });
    const me = await ada.call('getMe');
    expect(me).toMatchObject({
      type: 'account',
      id: ada.id,
      name: 'Ada',
      email: ada.email,
      isInstanceAdmin: false,
    });
    if (me.type !== 'account') throw new Error('not an account');
    expect(me.projects).toEqual([{ id: expect.any(String), name: 'Ada’s project', role: 'owner' }]);
    const projectId = me.projects[0]?.id;
    const rows = (await at.ledgerSince(before)).map(({ action, actor, projectId: of, subject }) => ({
      action,
      actor,
      of,
      subject,
    }));
    const actor = { type: 'account', id: ada.id, name: 'Ada' };
    expect(rows).toEqual([
      { action: 'account.created', actor, of: null, subject: { type: 'account', id: ada.id, name: 'Ada' } },
      {
        action: 'project.created',
        actor,
        of: projectId,
        subject: { type: 'project', id: projectId, name: 'Ada’s project' },
      },
      { action: 'member.added', actor, of: projectId, subject: { type: 'account', id: ada.id, name: 'Ada' } },
    ]);
    expect((await ada.call('listProjects')).items.map(({ id }) => id)).toEqual([projectId]);
  });

  test('a session is somebody until it is signed out', async () => {
    const ada = await signUp(at);
    const session = await ada.request('GET', '/api/auth/get-session');
    expect(session.json).toMatchObject({ account: { id: ada.id, email: ada.email, name: ada.name } });
    const answer = await ada.request('POST', '/api/auth/sign-out');
    expect(answer.status, answer.text).toBe(200);
    expect(cookieOf(answer)).toBe('keywright_session=');
    expect(readProblem(await ada.send('getMe'))).toMatchObject({ status: 401, code: 'unauthenticated' });
    const after = await ada.request('GET', '/api/auth/get-session');
    expect([after.status, after.json]).toEqual([200, { session: null, account: null }]);
  });

  test('a wrong password and an unknown address get the same answer', async () => {
    const ada = await signUp(at);
    const details = [
      { email: ada.email, password: 'a lamp beside the see' },
      { email: `nobody-${ada.email}`, password: ada.password },
    ].map(async (credentials) => {
      const answer = await post(browser(at.url), '/sign-in/email', credentials);
      const { requestId, ...problem } = readProblem(answer);
      return problem;
    });
    const [wrong, unknown] = await Promise.all(details);
    expect(wrong).toEqual(unknown);
    expect(wrong).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  test('the address is the same in any case', async () => {
    const ada = await signUp(at);
    expect((await signIn(at.url, { ...ada, email: ada.email.toUpperCase() })).id).toBe(ada.id);
  });
});
