import { expect, test } from 'vitest';
import { browser, signUp } from '../support/account.ts';
import { authOn } from '../support/auth.ts';
import { client, readProblem } from '../support/client.ts';
import { createDirectory } from '../support/engines.ts';
import { onOneEngine } from '../support/installation.ts';
import { startEngine } from '../support/running-engine.ts';

/** What of `/api/auth` is there. The paths are the library's own where it has one for the purpose. */
const reachable = [
  'GET /change-email 405',
  'GET /change-password 405',
  'GET /get-session 200',
  'GET /list-sessions 200',
  'GET /reset-password 405',
  'POST /change-email 400',
  'POST /change-password 400',
  'POST /get-session 405',
  'POST /list-sessions 405',
  'POST /reset-password 400',
  'POST /revoke-other-sessions 200',
  'POST /revoke-session 400',
  'POST /sign-in/email 400',
  'POST /sign-up/email 400',
  'GET /two-factor/disable 405',
  'GET /two-factor/enable 405',
  'POST /two-factor/disable 200',
  'POST /two-factor/enable 400',
  'GET /revoke-other-sessions 405',
  'GET /revoke-session 405',
  'GET /sign-in/email 405',
  'GET /sign-out 405',
  'GET /sign-up/email 405',
];

onOneEngine((at) => {
  test('of all that the library can do, only this is there', async () => {
    const { api } = authOn(await startEngine(await (await createDirectory()).open()));
    // Those without a path are for calls from inside only.
    const all = Object.values(api).map((endpoint) => (endpoint as { path?: string }).path);
    const paths = [...new Set(all.filter((path) => path !== undefined))];
    expect(paths).toContain('/request-password-reset');
    expect(paths).toContain('/two-factor/verify-totp');
    expect(paths).toContain('/passkey/verify-authentication');
    expect(paths.length).toBeGreaterThan(25);
    const ada = await signUp(at);
    const found: string[] = [];
    // Signed out last, so that every other one is asked by somebody who is signed in.
    for (const path of paths.filter((each) => each !== '/sign-out')) {
      const address = `/api/auth${path.replace(/:\w+/g, 'x')}`;
      for (const method of ['GET', 'POST']) {
        const answer = await ada.request(method, address, method === 'POST' ? { body: {} } : {});
        if (answer.status !== 404) found.push(`${method} ${path} ${answer.status}`);
        else expect(readProblem(answer)).toMatchObject({ code: 'not_found' });
      }
    }
    found.push(`GET /sign-out ${(await ada.request('GET', '/api/auth/sign-out')).status}`);
    expect(found.sort()).toEqual(reachable.sort());
    expect((await ada.request('POST', '/api/auth/sign-out', { body: {} })).status).toBe(200);
  });

  test('every answer has its request id, and none may be kept', async () => {
    const requests: [string, string][] = [
      ['GET', '/api/auth/instance'],
      ['GET', '/api/auth/get-session'],
      ['POST', '/api/auth/sign-in/email'],
      ['POST', '/api/auth/sign-out'],
      ['GET', '/api/auth/nothing'],
      ['PUT', '/api/auth/sign-out'],
    ];
    for (const [method, path] of requests) {
      const { headers } = await browser(at.url).request(method, path, {
        headers: { 'X-Request-Id': 'one-of-mine' },
      });
      expect(headers.get('X-Request-Id'), path).toBe('one-of-mine');
      expect(headers.get('Cache-Control'), path).toBe('no-store');
      expect(headers.get('X-Content-Type-Options'), path).toBe('nosniff');
    }
  });

  test('a query, a field that is not known, or a body that is no object is refused', async () => {
    const page = browser(at.url);
    const credentials = { email: 'ada@example.com', password: 'a lamp beside the sea' };
    for (const extra of ['callbackURL', 'rememberMe', 'redirect']) {
      const answer = await page.request('POST', '/api/auth/sign-in/email', {
        body: { ...credentials, [extra]: 'x' },
      });
      expect(readProblem(answer)).toMatchObject({ status: 400, errors: [{ path: extra }] });
    }
    for (const raw of ['', '[]', 'null', '"x"', '{', '{"email":{"$gt":""},"password":{"$gt":""}}']) {
      const answer = await page.request('POST', '/api/auth/sign-in/email', { raw });
      expect(readProblem(answer), raw).toMatchObject({ status: 400, code: 'validation_failed' });
    }
    const query = await page.request('GET', '/api/auth/get-session?disableCookieCache=true');
    expect(readProblem(query)).toMatchObject({ status: 400 });
  });

  test('what is for commands of this machine is for nobody else', async () => {
    const { email } = await signUp(at);
    const body = { email, password: 'a lamp below the sea' };
    const ada = await signUp(at);
    for (const who of [ada, client(at.url, at.service.bootstrapKey), client(at.url, null)]) {
      const reset = readProblem(await who.request('POST', '/api/command/reset-password', { body }));
      const end = readProblem(await who.request('POST', '/api/command/end-sessions'));
      for (const { status } of [reset, end]) expect([401, 403]).toContain(status);
    }
    expect(await ada.call('getMe')).toMatchObject({ email: ada.email });
  });

  test('its own port of the verification is not reached by a session, nor the hot path slowed by a cookie', async () => {
    const ada = await signUp(at);
    const { id } = await at.createProject();
    const { secret } = await at.createKey(id);
    const both = client(at.url, at.service.bootstrapKey, {
      Cookie: ada.cookie,
      Origin: 'https://evil.example',
    });
    expect(await both.call('verify', { body: { key: secret } })).toMatchObject({ valid: true });
  });
});
