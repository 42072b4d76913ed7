import { expect, test } from 'vitest';
import {
  type AccountClient,
  browser,
  cookieOf,
  newAddress,
  post,
  signIn,
  signUp,
} from '../support/account.ts';
import { type Client, client, readProblem } from '../support/client.ts';
import { holdBody } from '../support/held-request.ts';
import { type Installation, onBothEngines } from '../support/installation.ts';

interface Listed {
  id: string;
  isCurrent: boolean;
  ipAddress: string;
  userAgent: string;
}

async function sessionsOf(account: Client): Promise<Listed[]> {
  const { status, json, text } = await account.request('GET', '/api/auth/list-sessions');
  expect(status, text).toBe(200);
  return (json as { items: Listed[] }).items;
}

async function isSignedIn(account: Client): Promise<boolean> {
  const { status } = await account.send('getMe');
  expect([200, 401]).toContain(status);
  return status === 200;
}

/** Somebody with three browsers. */
async function threeBrowsers(at: Installation): Promise<[AccountClient, AccountClient, AccountClient]> {
  const one = await signUp(at);
  return [one, await signIn(at.url, one), await signIn(at.url, one)];
}

onBothEngines((at) => {
  test('a session is listed with where it came from, and can be ended by the account that has it alone', async () => {
    const [one, two, three] = await threeBrowsers(at);
    const listed = await sessionsOf(one);
    expect(listed.map(({ isCurrent }) => isCurrent)).toEqual([false, false, true]);
    expect(listed[2]?.ipAddress).toMatch(/^2001:db8:\w+:\w+::1$/);
    expect(listed[2]?.userAgent).toBe('node');
    expect(JSON.stringify(listed)).not.toContain(two.cookie.slice(-20));

    const stranger = await signUp(at);
    const target = (await sessionsOf(two)).find(({ isCurrent }) => isCurrent);
    const refused = readProblem(await post(stranger, '/revoke-session', { id: target?.id }));
    expect(refused).toMatchObject({ status: 404, code: 'not_found' });
    expect(await isSignedIn(two)).toBe(true);

    expect((await post(one, '/revoke-session', { id: target?.id })).status).toBe(200);
    expect(await isSignedIn(two)).toBe(false);
    expect([await isSignedIn(one), await isSignedIn(three)]).toEqual([true, true]);
  });

  test('all others can be ended at once', async () => {
    const [one, two, three] = await threeBrowsers(at);
    expect((await one.request('POST', '/api/auth/revoke-other-sessions')).status).toBe(200);
    expect([await isSignedIn(one), await isSignedIn(two), await isSignedIn(three)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('a request whose body is held back until its session has ended does nothing', async () => {
    const [one, two] = await threeBrowsers(at);
    const headers = { Cookie: two.cookie, Origin: at.url };
    const { items } = await one.call('listProjects');
    const projectId = items[0]?.id ?? '';
    const finish = await holdBody(`${at.url}/v1/projects/${projectId}/keys`, headers, { name: 'Late' });
    expect((await one.request('POST', '/api/auth/revoke-other-sessions')).status).toBe(200);
    expect(await finish()).toBe(401);
    expect((await one.call('listKeys', { params: { projectId } })).items).toEqual([]);
  });

  test('a sign-in always begins a fresh session, whatever cookie came with it', async () => {
    const ada = await signUp(at);
    const eve = await signUp(at);
    for (const planted of [eve.cookie, 'keywright_session=chosen.by.eve', ada.cookie]) {
      const answer = await post(browser(at.url, { Cookie: planted }), '/sign-in/email', ada);
      expect(answer.status).toBe(400);
      const { email, password } = ada;
      const signed = await post(browser(at.url, { Cookie: planted }), '/sign-in/email', { email, password });
      expect(signed.status).toBe(200);
      const cookie = cookieOf(signed);
      expect([eve.cookie, planted, ada.cookie]).not.toContain(cookie);
      expect(await browser(at.url, { Cookie: cookie }).call('getMe')).toMatchObject({ id: ada.id });
    }
    expect(await eve.call('getMe')).toMatchObject({ id: eve.id });
  });

  test('a cookie that is cut, changed or made up is nobody', async () => {
    const { cookie } = await signUp(at);
    const [name = '', value = ''] = cookie.split('=');
    const [token = '', signature = ''] = decodeURIComponent(value).split('.');
    const made = [
      token,
      `${token}.`,
      `${token}.${signature.slice(1)}`,
      `${token.slice(1)}.${signature}`,
      `${token}x.${signature}`,
      `.${signature}`,
      '',
      '.',
      'null',
      'x'.repeat(4000),
    ];
    for (const each of made) {
      const nobody = browser(at.url, { Cookie: `${name}=${encodeURIComponent(each)}` });
      expect(readProblem(await nobody.send('getMe')), each).toMatchObject({ code: 'unauthenticated' });
    }
    expect(await isSignedIn(browser(at.url, { Cookie: `a=b; ${cookie}; c=d` }))).toBe(true);
  });

  test('a service key in the same request is the one that counts', async () => {
    const ada = await signUp(at);
    const both = client(at.url, at.service.bootstrapKey, { Cookie: ada.cookie });
    expect(await both.call('getMe')).toMatchObject({ type: 'service_key' });
    const wrong = client(at.url, 'no service key', { Cookie: ada.cookie });
    expect(readProblem(await wrong.send('getMe'))).toMatchObject({ code: 'unauthenticated' });
  });

  test('no session can ask for a verification', async () => {
    const ada = await signUp(at);
    expect(readProblem(await ada.send('verify', { body: { key: 'x' } }))).toMatchObject({ status: 401 });
    const batch = await ada.send('verifyBatch', { body: { requests: [{ key: 'x' }] } });
    expect(readProblem(batch)).toMatchObject({ status: 403, code: 'forbidden' });
  });

  test('another password ends all other sessions, and is the only one from then on', async () => {
    const [one, two, three] = await threeBrowsers(at);
    const before = await at.ledgerHead();
    const newPassword = 'a lamp below the sea';
    const change = { currentPassword: one.password, newPassword };
    expect((await post(one, '/change-password', change)).status).toBe(200);
    expect([await isSignedIn(one), await isSignedIn(two), await isSignedIn(three)]).toEqual([
      true,
      false,
      false,
    ]);
    const former = await post(browser(at.url), '/sign-in/email', {
      email: one.email,
      password: one.password,
    });
    expect(readProblem(former)).toMatchObject({ status: 401 });
    await signIn(at.url, { email: one.email, password: newPassword });
    expect(await at.ledgerSince(before)).toMatchObject([
      {
        action: 'account.password_changed',
        actor: { type: 'account', id: one.id },
        subject: { type: 'account', id: one.id, name: one.name },
        detail: {},
      },
    ]);
  });

  test('a password is not changed by who does not know it, nor to one that is guessed first', async () => {
    const [one, two] = await threeBrowsers(at);
    const refusals: [string, string, string][] = [
      ['a lamp beside the see', 'a lamp below the sea', 'currentPassword'],
      [one.password, 'password123', 'newPassword'],
      [one.password, 'short', 'newPassword'],
      [one.password, one.email, 'newPassword'],
    ];
    for (const [currentPassword, newPassword, path] of refusals) {
      const answer = readProblem(await post(one, '/change-password', { currentPassword, newPassword }));
      expect(answer).toMatchObject({ status: 400, errors: [{ path }] });
    }
    expect(await isSignedIn(two)).toBe(true);
    await signIn(at.url, one);
    const nobody = browser(at.url);
    const change = { currentPassword: one.password, newPassword: 'a lamp below the sea' };
    expect(readProblem(await post(nobody, '/change-password', change))).toMatchObject({ status: 401 });
  });

  test('a password is what it is, of any characters, 8 to 128 of them', async () => {
    for (const password of ['🗝️ü漢x', 'ä'.repeat(129)]) {
      const person = { name: 'Ada', email: `ada@${newAddress().replaceAll(':', '-')}.example.com`, password };
      const answer = readProblem(await post(browser(at.url), '/sign-up/email', person));
      expect(answer).toMatchObject({ status: 400, errors: [{ path: 'password' }] });
    }
    for (const password of [
      '🗝️ü漢字 !"',
      Array.from({ length: 128 }, (_, index) => String.fromCodePoint(0x4e00 + 7 * index)).join(''),
      "'; --\u0000\t ok",
    ]) {
      const ada = await signUp(at, { password });
      const trimmed = await post(browser(at.url), '/sign-in/email', {
        email: ada.email,
        password: `${password} `,
      });
      expect(trimmed.status).toBe(401);
    }
  });
});
