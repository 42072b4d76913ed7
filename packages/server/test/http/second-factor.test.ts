import { describe, expect, test } from 'vitest';
import { settingsOf } from '../process/support/program.ts';
import {
  type AccountClient,
  browser,
  cookieOf,
  newPerson,
  post,
  setupTokenOf,
  signIn,
  signUp,
} from '../support/account.ts';
import { type Answer, type Client, readProblem } from '../support/client.ts';
import { forEachEngine } from '../support/engines.ts';
import { onBothEngines, onOneEngine } from '../support/installation.ts';
import { startService } from '../support/running-service.ts';
import { beginSignIn, securityOf, sendCode, turnOn } from '../support/second-factor.ts';
import { AuthenticatorApp } from '../support/totp.ts';
import { tracesOf } from '../support/traces.ts';

const namesOf = (answer: Answer) =>
  answer.headers.getSetCookie().map((cookie) => cookie.slice(0, cookie.indexOf('=')));

async function sessionOf(url: string, answer: Answer): Promise<Client> {
  expect(answer.status, answer.text).toBe(200);
  return browser(url, { Cookie: cookieOf(answer) });
}

onBothEngines((at) => {
  describe('turning it on', () => {
    test('takes a code of the app, gives backup codes once, and ends the other sessions', async () => {
      await at.admin.call('updateInstance', { body: { name: 'Acme Keys' } });
      const ada = await signUp(at);
      const elsewhere = await signIn(at.url, ada);
      expect(await securityOf(ada)).toMatchObject({ twoFactor: { isOn: false, backupCodesLeft: 0 } });
      const before = await at.ledgerHead();
      const begun = (await post(ada, '/two-factor/begin')).json as { secret: string; uri: string };
      const uri = new URL(begun.uri);
      expect(begun.uri).toContain(`otpauth://totp/Acme%20Keys:${encodeURIComponent(ada.email)}?`);
      expect(uri.searchParams.get('secret')).toBe(begun.secret);
      expect(uri.searchParams.get('issuer')).toBe('Acme Keys');
      // Begun is not on: the password is enough, and nothing stands in the ledger.
      await signIn(at.url, ada);
      expect(await at.ledgerSince(before)).toEqual([]);

      const { backupCodes } = await turnOn(ada);
      expect(new Set(backupCodes).size).toBe(10);
      expect(await securityOf(ada)).toMatchObject({ twoFactor: { isOn: true, backupCodesLeft: 10 } });
      expect(readProblem(await elsewhere.send('getMe'))).toMatchObject({ status: 401 });
      await ada.call('getMe');
      expect(await at.ledgerSince(before)).toMatchObject([
        {
          action: 'account.second_factor_on',
          actor: { type: 'account', id: ada.id },
          projectId: null,
          subject: { type: 'account', id: ada.id, name: ada.name },
          detail: {},
        },
      ]);
    });

    test('a wrong code turns nothing on, and neither does a code of a secret that was replaced', async () => {
      const ada = await signUp(at);
      const nothing = readProblem(await post(ada, '/two-factor/enable', { code: '123456' }));
      expect(nothing).toMatchObject({ status: 403, code: 'forbidden' });
      const begin = async () =>
        new AuthenticatorApp(((await post(ada, '/two-factor/begin')).json as { secret: string }).secret);
      const [former, app] = [await begin(), await begin()];
      for (const code of [app.wrong(), former.next(), 'abcdef', '12345']) {
        const refused = readProblem(await post(ada, '/two-factor/enable', { code }));
        expect(refused).toMatchObject({ status: 400, errors: [{ path: 'code' }] });
      }
      expect(await securityOf(ada)).toMatchObject({ twoFactor: { isOn: false } });
      expect((await post(ada, '/two-factor/enable', { code: app.next() })).status).toBe(200);
    });

    test('it is not replaced while it is on', async () => {
      const ada = await signUp(at);
      const { app } = await turnOn(ada);
      for (const [path, body] of [
        ['/two-factor/begin', {}],
        ['/two-factor/enable', { code: app.next() }],
      ] as const)
        expect(readProblem(await post(ada, path, body))).toMatchObject({ status: 403, code: 'forbidden' });
      expect((await sendCode(await beginSignIn(ada), app.last())).status).toBe(200);
    });
  });

  describe('signing in', () => {
    test('the password begins no session, the code does, always a fresh one', async () => {
      const ada = await signUp(at);
      const { app } = await turnOn(ada);
      const { email, password } = ada;
      const first = await post(browser(at.url), '/sign-in/email', { email, password });
      expect(first.json).toEqual({ account: null, secondFactor: true });
      expect(namesOf(first)).toEqual(['keywright_pending']);
      const [cookie = ''] = first.headers.getSetCookie();
      expect(cookie).toMatch(/; HttpOnly/i);
      expect(cookie).toMatch(/; SameSite=Lax/i);
      expect(cookie).toMatch(/; Max-Age=600/i);
      const pending = cookieOf(first);
      expect(readProblem(await browser(at.url, { Cookie: pending }).send('getMe'))).toMatchObject({
        status: 401,
      });

      // A session that somebody put into the browser before is not the one that it has afterwards.
      const planted = (await signUp(at)).cookie;
      const page = browser(at.url, { Cookie: `${planted}; ${pending}` });
      const second = await sendCode(page, app.next());
      expect(second.json).toEqual({
        account: { id: ada.id, email: ada.email, name: ada.name },
        secondFactor: false,
      });
      expect(namesOf(second)).toEqual(['keywright_session', 'keywright_pending']);
      expect(second.headers.getSetCookie()[1]).toMatch(/^keywright_pending=;.*Max-Age=0/i);
      expect([planted, ada.cookie]).not.toContain(cookieOf(second));
      const session = await sessionOf(at.url, second);
      expect(await session.call('getMe')).toMatchObject({ id: ada.id });
      // What was pending is used up, whatever code comes with it.
      const { backupCodes } = (await post(session, '/two-factor/backup-codes')).json as {
        backupCodes: string[];
      };
      const again = readProblem(await sendCode(page, backupCodes[0] ?? ''));
      expect(again).toMatchObject({ status: 401, code: 'unauthenticated' });
    });

    test('each code counts once, and a wrong one says so', async () => {
      const ada = await signUp(at);
      const { app, backupCodes } = await turnOn(ada);
      const [first = '', second = ''] = backupCodes;
      const refused = async (code: string) => {
        const problem = readProblem(await sendCode(await beginSignIn(ada), code));
        expect(problem).toMatchObject({ status: 401, code: 'unauthenticated' });
        expect(problem.detail).toMatch(/code is wrong/);
      };
      // The one that turned it on is used up as well.
      await refused(app.last());
      const taken = app.next();
      expect((await sendCode(await beginSignIn(ada), taken)).status).toBe(200);
      await refused(taken);
      await refused('not-a-code');
      expect((await sendCode(await beginSignIn(ada), first)).status).toBe(200);
      await refused(first);
      expect(await securityOf(ada)).toMatchObject({ twoFactor: { backupCodesLeft: 9 } });
      const typed = ` ${second.toUpperCase().replace('-', ' ')}`;
      const session = await sessionOf(at.url, await sendCode(await beginSignIn(ada), typed));
      expect(await securityOf(session)).toMatchObject({ twoFactor: { backupCodesLeft: 8 } });
    });

    test('of many who send the same code at once one gets in', async () => {
      for (const kind of ['of the app', 'backup']) {
        const ada = await signUp(at);
        const { app, backupCodes } = await turnOn(ada);
        const code = kind === 'backup' ? (backupCodes[0] ?? '') : app.next();
        const pages = await Promise.all([1, 2, 3].map(() => beginSignIn(ada)));
        const answers = await Promise.all(pages.map((page) => sendCode(page, code)));
        expect(answers.map(({ status }) => status).sort(), kind).toEqual([200, 401, 401]);
      }
    });

    test('one sign-in that waits is one session, whichever codes come with it', async () => {
      const ada = await signUp(at);
      const { backupCodes } = await turnOn(ada);
      const page = await beginSignIn(ada);
      const answers = await Promise.all(backupCodes.slice(0, 3).map((code) => sendCode(page, code)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    });

    test('without a password before it there is nothing to send a code for', async () => {
      const ada = await signUp(at);
      const { app } = await turnOn(ada);
      app.next();
      const forged = 'keywright_pending=2fa-x.c2lnbmF0dXJl';
      for (const page of [browser(at.url), browser(at.url, { Cookie: forged }), ada]) {
        const problem = readProblem(await sendCode(page, app.last()));
        expect(problem).toMatchObject({ status: 401, code: 'unauthenticated' });
        expect(problem.detail).toMatch(/password/);
      }
      // A code of one account is none of another.
      const bob = await signUp(at);
      await turnOn(bob);
      expect(readProblem(await sendCode(await beginSignIn(bob), app.last()))).toMatchObject({ status: 401 });
      expect((await sendCode(await beginSignIn(ada), app.last())).status).toBe(200);
    });

    test('a new password ends the sign-ins that wait', async () => {
      const ada = await signUp(at);
      const { app } = await turnOn(ada);
      const waiting = await beginSignIn(ada);
      const newPassword = 'a lamp below the sea';
      const change = { currentPassword: ada.password, newPassword };
      expect((await post(ada, '/change-password', change)).status).toBe(200);
      const code = app.next();
      expect(readProblem(await sendCode(waiting, code))).toMatchObject({ status: 401 });
      expect((await sendCode(await beginSignIn({ ...ada, password: newPassword }), code)).status).toBe(200);
    });
  });

  describe('backup codes', () => {
    test('new ones end the former ones', async () => {
      const ada = await signUp(at);
      const none = readProblem(await post(ada, '/two-factor/backup-codes'));
      expect(none).toMatchObject({ status: 403, code: 'forbidden' });
      const { backupCodes: former } = await turnOn(ada);
      const before = await at.ledgerHead();
      const answer = await post(ada, '/two-factor/backup-codes');
      const { backupCodes } = answer.json as { backupCodes: string[] };
      expect(backupCodes).toHaveLength(10);
      expect(await at.ledgerSince(before)).toMatchObject([
        { action: 'account.backup_codes_renewed', subject: { id: ada.id } },
      ]);
      expect((await sendCode(await beginSignIn(ada), former[0] ?? '')).status).toBe(401);
      expect((await sendCode(await beginSignIn(ada), backupCodes[0] ?? '')).status).toBe(200);
    });
  });

  describe('turning it off', () => {
    test('the password is enough again, and sessions go on', async () => {
      const ada = await signUp(at);
      const { app } = await turnOn(ada);
      const elsewhere = await sessionOf(at.url, await sendCode(await beginSignIn(ada), app.next()));
      const before = await at.ledgerHead();
      for (let i = 0; i < 2; i++) expect((await post(ada, '/two-factor/disable')).status).toBe(200);
      expect(await at.ledgerSince(before)).toMatchObject([
        { action: 'account.second_factor_off', subject: { id: ada.id } },
      ]);
      expect(await securityOf(elsewhere)).toMatchObject({ twoFactor: { isOn: false, backupCodesLeft: 0 } });
      await signIn(at.url, ada);
      // And on again, with another secret.
      const { app: other } = await turnOn(ada);
      expect(other.secret.equals(app.secret)).toBe(false);
      await beginSignIn(ada);
    });
  });

  test('its state stands in what a person is given of its data, without secrets', async () => {
    const ada = await signUp(at);
    const { app, backupCodes } = await turnOn(ada);
    const data = await ada.call('exportAccount', { params: { accountId: ada.id } });
    expect(data.secondFactor).toEqual({ isOn: true, since: expect.any(String) });
    const text = JSON.stringify(data);
    for (const secret of [app.secret.toString(), ...backupCodes]) expect(text).not.toContain(secret);
  });
});

onOneEngine((at) => {
  test('guesses at codes are slowed down by account, and a right password does not give new ones', async () => {
    const ada = await signUp(at);
    const { app, backupCodes } = await turnOn(ada);
    const statuses = [];
    for (let i = 0; i < 7; i++) statuses.push((await sendCode(await beginSignIn(ada), app.wrong())).status);
    expect(statuses).toEqual([...Array(5).fill(401), 429, 429]);
    const page = await beginSignIn(ada);
    const waiting = await sendCode(page, backupCodes[0] ?? '');
    expect(readProblem(waiting)).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(waiting.headers.get('Retry-After'))).toBeGreaterThan(0);
    // A right one that had to wait is not used up.
    expect(await securityOf(ada)).toMatchObject({ twoFactor: { backupCodesLeft: 10 } });
    await ada.call('getMe');
    const bob = await signUp(at);
    await turnOn(bob);
    expect((await sendCode(await beginSignIn(bob), backupCodes[0] ?? '')).status).toBe(401);
  });

  test('what is no code at all is refused before anything is looked at', async () => {
    for (const body of [{}, { code: '' }, { code: '   ' }, { code: 123456 }, { code: '1'.repeat(41) }]) {
      const answer = await post(browser(at.url), '/sign-in/second-factor', body);
      expect(readProblem(answer)).toMatchObject({ status: 400, errors: [{ path: 'code' }] });
    }
  });

  test('who is not signed in learns and changes nothing', async () => {
    const page = browser(at.url);
    expect(readProblem(await page.request('GET', '/api/auth/security'))).toMatchObject({ status: 401 });
    for (const [path, body] of [
      ['/two-factor/begin', {}],
      ['/two-factor/enable', { code: '123456' }],
      ['/two-factor/disable', {}],
      ['/two-factor/backup-codes', {}],
      ['/update-profile', { name: 'Ada' }],
    ] as const)
      expect(readProblem(await post(page, path, body)), path).toMatchObject({ status: 401 });
  });
});

forEachEngine((createPlace) => {
  const minute = 60_000;

  async function start() {
    const place = await createPlace();
    const service = await startService({
      env: settingsOf(place),
      ...(place.engine === 'sqlite' && { dataDir: place.location }),
    });
    const person = newPerson();
    const token = setupTokenOf(service);
    expect((await post(browser(service.url), '/setup', { ...person, token })).status).toBe(200);
    const root: AccountClient = await signIn(service.url, person);
    const age = (ms: number) => place.query(`UPDATE auth_sessions SET authenticated_at = ${Date.now() - ms}`);
    return { place, service, root, age };
  }

  test('all of it needs a recent proof, which with a second factor is the password and a code', async () => {
    const { root, age } = await start();
    const { app, backupCodes } = await turnOn(root);
    const refused = async (path: string, body: object) => {
      const answer = await post(root, path, body);
      expect(readProblem(answer), path).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(answer.headers.get('WWW-Authenticate')).toMatch(/error="insufficient_user_authentication"/);
    };
    const changes: [string, object][] = [
      ['/two-factor/begin', {}],
      ['/two-factor/enable', { code: '123456' }],
      ['/two-factor/backup-codes', {}],
      ['/two-factor/disable', {}],
    ];
    await age(11 * minute);
    for (const [path, body] of changes) await refused(path, body);
    const { password } = root;
    const asked = await post(root, '/reauthenticate', { password });
    expect(readProblem(asked)).toMatchObject({ status: 401, detail: expect.stringMatching(/code/) });
    expect(asked.headers.get('WWW-Authenticate')).toMatch(/error="insufficient_user_authentication"/);
    const wrong = await post(root, '/reauthenticate', { password, code: app.wrong() });
    expect(readProblem(wrong)).toMatchObject({ status: 400, errors: [{ path: 'code' }] });
    const without = await post(root, '/reauthenticate', { password: 'a wrong guess', code: app.next() });
    expect(readProblem(without)).toMatchObject({ status: 400, errors: [{ path: 'password' }] });
    // A new password is no way around the code.
    const newPassword = 'a lamp below the sea';
    const change = { currentPassword: password, newPassword };
    expect((await post(root, '/change-password', change)).status).toBe(200);
    for (const [path, body] of changes) await refused(path, body);
    const code = app.last();
    expect((await post(root, '/reauthenticate', { password: newPassword, code })).status).toBe(200);
    const again = await post(root, '/reauthenticate', { password: newPassword, code });
    expect(readProblem(again)).toMatchObject({ status: 400, errors: [{ path: 'code' }] });
    expect((await post(root, '/two-factor/backup-codes')).status).toBe(200);
    const former = { password: newPassword, code: backupCodes[0] };
    expect((await post(root, '/reauthenticate', former)).status).toBe(400);
    expect((await post(root, '/two-factor/disable')).status).toBe(200);
    expect((await post(root, '/reauthenticate', { password: newPassword })).status).toBe(200);
  });

  test('a sign-in waits ten minutes for its code, and no longer', async () => {
    const { place, root } = await start();
    const { app } = await turnOn(root);
    const page = await beginSignIn(root);
    const [row] = await place.query<{ left: number | string }>(
      `SELECT min(expires_at) - ${Date.now()} AS left FROM auth_verifications`,
    );
    expect(Number(row?.left) / minute).toBeCloseTo(10, 0);
    await place.query(`UPDATE auth_verifications SET expires_at = ${Date.now() - 1000}`);
    const problem = readProblem(await sendCode(page, app.next()));
    expect(problem).toMatchObject({ status: 401, detail: expect.stringMatching(/password again/) });
    expect((await sendCode(await beginSignIn(root), app.last())).status).toBe(200);
  });

  test('neither secret nor code stands in database, ledger or log', async () => {
    const { place, service, root } = await start();
    const { app, backupCodes } = await turnOn(root);
    const page = await beginSignIn(root);
    const code = app.next();
    await sendCode(page, app.wrong());
    await sendCode(page, code);
    await sendCode(await beginSignIn(root), backupCodes[0] ?? '');
    const secrets = [app.secret.toString(), app.base32, ...backupCodes];
    expect(await tracesOf(place, [root.email])).not.toEqual([]);
    expect(await tracesOf(place, secrets)).toEqual([]);
    for (const secret of secrets) expect(service.logs()).not.toContain(secret);
    expect(service.logs()).not.toMatch(/"level":"(error|fatal)"/);
  });
});
