import { expect, test } from 'vitest';
import { administrator, browser, newPerson, post, signIn, signUp } from '../support/account.ts';
import { readProblem } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';
import { tokenOf } from '../support/membership.ts';
import { expectNoTrace } from './refusals.ts';

/* Where no server for e-mail is configured, links are passed on by hand. */

onBothEngines((at) => {
  test('everybody is told so', async () => {
    const { json } = await browser(at.url).request('GET', '/api/auth/instance');
    expect(json).toMatchObject({ canSendMail: false });
  });

  test('an invitation says that its link is to be passed on', async () => {
    const { id: projectId } = await at.createProject();
    const body = { email: newPerson().email, role: 'member' as const };
    const answer = await at.admin.call('createInvitation', { params: { projectId }, body });
    expect(answer.sentTo).toBeNull();
    tokenOf(answer.link);
  });

  test('who forgot the password is answered as ever, and gets the link from an administrator', async () => {
    const ann = await signUp(at);
    await expectNoTrace(at, async () => {
      for (const email of [ann.email, newPerson().email]) {
        const answer = await post(browser(at.url), '/forgot-password', { email });
        expect([answer.status, answer.text]).toEqual([200, '{}']);
      }
    });
    const admin = await administrator(at);
    const params = { accountId: ann.id };
    const made = await admin.call('createAccountLink', { params, body: { purpose: 'reset_password' } });
    expect(made.sentTo).toBeNull();
    expect(made.link).toMatch(new RegExp(`^${at.url}/reset-password#token=[\\w-]{43}$`));
    const password = 'a boat behind the moon';
    const token = tokenOf(made.link);
    expect((await post(browser(at.url), '/reset-password', { token, password })).status).toBe(200);
    await signIn(at.url, { email: ann.email, password });
  });

  test('another address waits for an administrator, who sees it and makes the link', async () => {
    const ann = await signUp(at);
    const [first, email] = [newPerson().email, newPerson().email];
    for (const each of [first, email]) {
      const answer = await post(ann, '/change-email', { email: each });
      expect(answer.json).toEqual({ sent: false });
    }
    const admin = await administrator(at);
    const { items } = await admin.call('listAccounts', { query: { search: ann.email } });
    expect(items).toMatchObject([{ email: ann.email, pendingEmail: email }]);
    const params = { accountId: ann.id };
    const made = await admin.call('createAccountLink', { params, body: { purpose: 'confirm_email' } });
    expect(made.sentTo).toBeNull();
    const token = tokenOf(made.link);
    const told = await post(browser(at.url), '/check-link', { token, purpose: 'confirm_email' });
    expect(told.json).toMatchObject({ email });
    const confirmed = await post(ann, '/confirm-email', { token });
    expect(confirmed.json).toEqual({ email });
    expect(await ann.call('getMe')).toMatchObject({ email });
  });

  test('what was asked for is told to who asked, and taken back with its link', async () => {
    const ann = await signUp(at);
    const pending = async () =>
      ((await ann.request('GET', '/api/auth/security')).json as { pendingEmail: unknown }).pendingEmail;
    expect(await pending()).toBeNull();
    const email = newPerson().email;
    await post(ann, '/change-email', { email });
    expect(await pending()).toEqual({ email, linkExpiresAt: null });
    const params = { accountId: ann.id };
    const made = await at.admin.call('createAccountLink', { params, body: { purpose: 'confirm_email' } });
    expect(await pending()).toEqual({ email, linkExpiresAt: made.expiresAt });

    const other = await signUp(at);
    expect((await post(other, '/cancel-email-change', {})).status).toBe(200);
    expect((await post(browser(at.url), '/cancel-email-change', {})).status).toBe(401);
    expect(await pending()).toEqual({ email, linkExpiresAt: made.expiresAt });
    expect((await post(ann, '/cancel-email-change', {})).json).toEqual({});
    expect(await pending()).toBeNull();
    const refused = await post(ann, '/confirm-email', { token: tokenOf(made.link) });
    expect(readProblem(refused)).toMatchObject({ status: 403 });
    const { items } = await at.admin.call('listAccounts', { query: { search: ann.email } });
    expect(items).toMatchObject([{ email: ann.email, pendingEmail: null }]);
  });

  test('another wish ends the link for the former one', async () => {
    const ann = await signUp(at);
    await post(ann, '/change-email', { email: newPerson().email });
    const params = { accountId: ann.id };
    const made = await at.admin.call('createAccountLink', { params, body: { purpose: 'confirm_email' } });
    await post(ann, '/change-email', { email: newPerson().email });
    const refused = await post(ann, '/confirm-email', { token: tokenOf(made.link) });
    expect(readProblem(refused)).toMatchObject({ status: 403 });
    expect(await ann.call('getMe')).toMatchObject({ email: ann.email });
  });
});
