import { describe, expect, test } from 'vitest';
import { settingsOf } from '../process/support/program.ts';
import {
  type AccountClient,
  browser,
  cookieOf,
  newAddress,
  newPerson,
  post,
  setupTokenOf,
  signIn,
  signUp,
} from '../support/account.ts';
import { Authenticator } from '../support/authenticator.ts';
import { type Client, readProblem } from '../support/client.ts';
import { forEachEngine } from '../support/engines.ts';
import { type Installation, onBothEngines, onOneEngine } from '../support/installation.ts';
import { addPasskey, askForNew, askForSignIn, atLocalhost, signInWith } from '../support/passkeys.ts';
import { startService } from '../support/running-service.ts';
import { beginSignIn, securityOf, turnOn } from '../support/second-factor.ts';

const missing = 'pky_00000000000000000000000000';

/** Somebody at the origin where passkeys work. */
async function person(at: Installation): Promise<{ ada: AccountClient; phone: Authenticator; url: string }> {
  const url = atLocalhost(at.url);
  const ada = await signIn(url, await signUp(at));
  return { ada, phone: new Authenticator(url), url };
}

onBothEngines((at) => {
  describe('a passkey', () => {
    test('is made, listed, renamed, signs in, and is removed', async () => {
      const { ada, phone, url } = await person(at);
      await at.admin.call('updateInstance', { body: { name: 'Acme Keys' } });
      expect(await securityOf(ada)).toMatchObject({
        passkeys: [],
        passkeysAvailable: true,
        passkeysUnavailableReason: null,
      });
      const before = await at.ledgerHead();
      const { options, page } = await askForNew(ada);
      expect(options).toMatchObject({
        rp: { id: 'localhost', name: 'Acme Keys' },
        user: { name: ada.email, displayName: ada.name },
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        excludeCredentials: [],
      });
      const response = phone.create(options);
      const kept = await post(page, '/passkey/register', { name: 'Phone', response });
      expect([kept.status, kept.json]).toEqual([200, {}]);
      const [passkey] = (await securityOf(ada)).passkeys;
      expect(passkey).toEqual({
        id: expect.stringMatching(/^pky_/),
        name: 'Phone',
        createdAt: expect.any(String),
        lastUsedAt: null,
      });
      const id = passkey?.id ?? '';

      const answer = await signInWith(phone, url);
      expect(answer.json).toEqual({
        account: { id: ada.id, email: ada.email, name: ada.name },
        secondFactor: false,
      });
      const session = browser(url, { Cookie: cookieOf(answer) });
      expect(cookieOf(answer)).not.toBe(ada.cookie);
      expect(await session.call('getMe')).toMatchObject({ id: ada.id });
      const [used] = (await securityOf(session)).passkeys;
      expect(Math.abs(Date.parse(used?.lastUsedAt ?? '') - Date.now())).toBeLessThan(60_000);

      expect((await post(session, '/passkey/rename', { id, name: 'Old phone' })).status).toBe(200);
      expect((await securityOf(ada)).passkeys).toMatchObject([{ id, name: 'Old phone' }]);
      // Who signs in with a passkey has proved who it is.
      expect((await post(session, '/passkey/delete', { id })).status).toBe(200);
      expect((await securityOf(ada)).passkeys).toEqual([]);
      expect(readProblem(await signInWith(phone, url))).toMatchObject({ status: 401 });
      const told = { type: 'account', id: ada.id, name: ada.name };
      expect(await at.ledgerSince(before)).toMatchObject(
        ['account.passkey_added', 'account.passkey_renamed', 'account.passkey_removed'].map((action) => ({
          action,
          actor: told,
          projectId: null,
          subject: told,
          detail: { passkeyId: id },
        })),
      );
    });

    test('is both factors: it asks for no code, and one of several is enough', async () => {
      const { ada, phone, url } = await person(at);
      const key = new Authenticator(url);
      expect((await addPasskey(ada, phone)).status).toBe(200);
      const { options } = await askForNew(ada);
      expect(options.excludeCredentials).toMatchObject([
        { id: phone.credentials[0]?.id.toString('base64url') },
      ]);
      expect((await addPasskey(ada, key, 'Key')).status).toBe(200);
      await turnOn(ada);
      await beginSignIn(ada);
      for (const each of [phone, key, phone]) {
        expect((await signInWith(each, url)).json).toMatchObject({
          account: { id: ada.id },
          secondFactor: false,
        });
      }
      expect((await securityOf(ada)).passkeys.map(({ name }) => name)).toEqual(['Phone', 'Key']);
      const { passkeys } = await ada.call('exportAccount', { params: { accountId: ada.id } });
      expect(passkeys).toEqual((await securityOf(ada)).passkeys);
    });

    test('names no account before it is used, also to who is signed in', async () => {
      const { ada, phone, url } = await person(at);
      await addPasskey(ada, phone);
      const { options } = await askForSignIn(url, { Cookie: ada.cookie });
      expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
      expect(options.allowCredentials ?? []).toEqual([]);
    });
  });

  describe('what is refused', () => {
    test('while one is made: another challenge, origin, server or ceremony, no PIN, one that is known', async () => {
      const { ada, phone, url } = await person(at);
      const { ada: bob, phone: bobs } = await person(at);
      await addPasskey(bob, bobs);
      const known = bobs.credentials[0]?.id.toString('base64url') ?? '';
      const before = await at.ledgerHead();
      for (const deviation of [
        { challenge: Buffer.alloc(32).toString('base64url') },
        { origin: 'https://evil.example' },
        { origin: at.url },
        { rpId: 'evil.example' },
        { isUserVerified: false },
        { type: 'webauthn.get' },
        { id: known },
      ]) {
        const { options, page } = await askForNew(ada);
        const response = phone.create(options, deviation);
        const answer = await post(page, '/passkey/register', { name: 'Phone', response });
        expect(readProblem(answer), JSON.stringify(deviation)).toMatchObject({
          status: 400,
          errors: [{ path: 'response' }],
        });
      }
      // Sent twice, sent by another account, and sent without having been asked for.
      const { options, page } = await askForNew(ada);
      const response = phone.create(options);
      const body = { name: 'Phone', response };
      const byBob = browser(url, { Cookie: `${bob.cookie}; ${(await askForNew(ada)).cookie}` });
      expect(readProblem(await post(byBob, '/passkey/register', body))).toMatchObject({ status: 400 });
      expect(readProblem(await post(ada, '/passkey/register', body))).toMatchObject({ status: 400 });
      expect(await at.ledgerSince(before)).toEqual([]);
      expect((await post(page, '/passkey/register', body)).status).toBe(200);
      expect(readProblem(await post(page, '/passkey/register', body))).toMatchObject({ status: 400 });
      expect((await securityOf(ada)).passkeys).toHaveLength(1);
      expect((await securityOf(bob)).passkeys).toHaveLength(1);
    });

    test('while one signs in, in the same words whatever is wrong', async () => {
      const { ada, phone, url } = await person(at);
      await addPasskey(ada, phone);
      const stranger = new Authenticator(url);
      stranger.create({ ...(await askForNew(ada)).options });
      const refusals: object[] = [];
      const refuse = async (page: Client, response: object) => {
        const answer = await post(page, '/passkey/sign-in', { response });
        const { requestId, ...problem } = readProblem(answer);
        expect(answer.headers.getSetCookie()).toEqual([]);
        refusals.push(problem);
      };
      const asked = () => askForSignIn(url);
      for (const deviation of [
        { challenge: Buffer.alloc(32).toString('base64url') },
        { origin: 'https://evil.example' },
        { origin: at.url },
        { rpId: 'evil.example' },
        { isUserVerified: false },
        { type: 'webauthn.create' },
      ]) {
        const { options, page } = await asked();
        await refuse(page, phone.get(options, deviation));
      }
      // A passkey that is not kept here, and one with the id of another.
      const id = phone.credentials[0]?.id.toString('base64url') ?? '';
      for (const deviation of [{}, { id }]) {
        const { options, page } = await asked();
        await refuse(page, stranger.get(options, deviation));
      }
      // An answer to what another page was asked with, one from nowhere, and one that was sent before.
      const { options, page } = await asked();
      const response = phone.get(options);
      await refuse((await asked()).page, response);
      await refuse(browser(url), response);
      expect((await post(page, '/passkey/sign-in', { response })).status).toBe(200);
      await refuse(page, response);
      // A copy of the authenticator, whose count is behind.
      for (const credential of phone.credentials) credential.counter = 0;
      const late = await asked();
      await refuse(late.page, phone.get(late.options));
      expect(refusals).toHaveLength(12);
      for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
      expect(refusals[0]).toMatchObject({ status: 401, code: 'unauthenticated' });
    });

    test('of many who send the same answer at once one gets in', async () => {
      const { ada, phone, url } = await person(at);
      await addPasskey(ada, phone);
      const { options, page } = await askForSignIn(url);
      const response = phone.get(options);
      const answers = await Promise.all([1, 2, 3, 4].map(() => post(page, '/passkey/sign-in', { response })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    });

    test('another account’s passkey is not there to rename or remove', async () => {
      const { ada, phone, url } = await person(at);
      const { ada: bob } = await person(at);
      await addPasskey(ada, phone);
      const id = (await securityOf(ada)).passkeys[0]?.id ?? '';
      const before = await at.ledgerHead();
      for (const each of [id, missing]) {
        const renamed = await post(bob, '/passkey/rename', { id: each, name: 'Mine' });
        expect(readProblem(renamed)).toMatchObject({ status: 404, code: 'not_found' });
        const removed = await post(bob, '/passkey/delete', { id: each });
        expect(readProblem(removed)).toMatchObject({ status: 404, code: 'not_found' });
      }
      expect(await at.ledgerSince(before)).toEqual([]);
      expect((await securityOf(ada)).passkeys).toMatchObject([{ id, name: 'Phone' }]);
      expect((await signInWith(phone, url)).status).toBe(200);
    });

    test('at an address of digits there are none, and it says where there are', async () => {
      const ada = await signUp(at);
      expect(await securityOf(ada)).toMatchObject({
        passkeysAvailable: false,
        passkeysUnavailableReason: expect.stringContaining(atLocalhost(at.url)),
      });
      for (const [who, path] of [
        [ada, '/passkey/register-options'],
        [browser(at.url), '/passkey/sign-in-options'],
      ] as const) {
        const problem = readProblem(await post(who, path));
        expect(problem).toMatchObject({ status: 403, detail: expect.stringContaining(atLocalhost(at.url)) });
      }
    });
  });

  test('another name is told to the ledger, with the name in the part that can be erased', async () => {
    const ada = await signUp(at, { name: 'Ada' });
    const before = await at.ledgerHead();
    for (let i = 0; i < 2; i++) {
      const answer = await post(ada, '/update-profile', { name: 'Ada Lovelace' });
      expect(answer.json).toEqual({ account: { id: ada.id, email: ada.email, name: 'Ada Lovelace' } });
    }
    expect(await ada.call('getMe')).toMatchObject({ name: 'Ada Lovelace' });
    const rows = await at.ledgerSince(before);
    expect(rows).toMatchObject([
      { action: 'account.updated', subject: { id: ada.id, name: 'Ada Lovelace' }, projectId: null },
    ]);
    const page = await at.admin.request('GET', `/v1/ledger?subject=${ada.id}`, {
      headers: { Accept: 'application/x-ndjson' },
    });
    const last = page.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { action: string; body: string });
    const row = last.find(({ action }) => action === 'account.updated');
    expect(row?.body).not.toContain('Lovelace');
    for (const name of ['', 'x'.repeat(101), 7])
      expect(readProblem(await post(ada, '/update-profile', { name }))).toMatchObject({
        status: 400,
        errors: [{ path: 'name' }],
      });
  });
});

onOneEngine((at) => {
  test('tries of passkeys are counted by network', async () => {
    const { phone, url, ada } = await person(at);
    await addPasskey(ada, phone);
    const address = { 'X-Forwarded-For': newAddress() };
    const statuses = [];
    for (let i = 0; i < 32; i++) {
      const { page } = await askForSignIn(url, address);
      const response = phone.get({ challenge: Buffer.alloc(32).toString('base64url') });
      statuses.push((await post(page, '/passkey/sign-in', { response })).status);
    }
    expect(statuses).toEqual([...Array(30).fill(401), 429, 429]);
    expect((await signInWith(phone, url)).status).toBe(200);
  });

  test('what is no answer of a browser is refused, and so is who is not signed in', async () => {
    const { ada, url } = await person(at);
    const response = { id: 'x', rawId: 'x', type: 'public-key', clientExtensionResults: {} };
    for (const each of [
      undefined,
      null,
      'x',
      {},
      response,
      { ...response, response: { clientDataJSON: 7 } },
    ]) {
      for (const [path, body] of [
        ['/passkey/sign-in', { response: each }],
        ['/passkey/register', { name: 'Phone', response: each }],
      ] as const)
        expect(readProblem(await post(ada, path, body))).toMatchObject({ status: 400 });
    }
    const garbled = { ...response, response: { clientDataJSON: 'x' } };
    const { page } = await askForSignIn(url);
    const garbledAnswer = await post(page, '/passkey/sign-in', { response: garbled });
    expect(readProblem(garbledAnswer)).toMatchObject({ status: 401 });
    for (const id of ['', 'x', 7, null])
      expect(readProblem(await post(ada, '/passkey/delete', { id }))).toMatchObject({ status: 400 });
    for (const [path, body] of [
      ['/passkey/register-options', {}],
      ['/passkey/register', { name: 'Phone', response: garbled }],
      ['/passkey/rename', { id: missing, name: 'Phone' }],
      ['/passkey/delete', { id: missing }],
    ] as const)
      expect(readProblem(await post(browser(url), path, body)), path).toMatchObject({ status: 401 });
    expect(at.errorLines()).toEqual([]);
  });
});

onOneEngine((at) => {
  test('from one address they are asked for 200 times, and then more slowly', async () => {
    const page = browser(atLocalhost(at.url));
    for (let i = 0; i < 200; i++) expect((await post(page, '/passkey/sign-in-options')).status).toBe(200);
    const refused = await post(page, '/passkey/sign-in-options');
    expect(readProblem(refused)).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(refused.headers.get('Retry-After')).toBe('15');
  });
});

onOneEngine(
  (at) => {
    test('by https they are for the host of the public address, with cookies for that host alone', async () => {
      const origin = 'https://keys.example.com';
      const headers = { Origin: origin };
      await post(browser(at.url, headers), '/setup', { ...newPerson(), token: setupTokenOf(at.service) });
      const answer = await post(browser(at.url, headers), '/passkey/sign-in-options');
      expect(answer.json).toMatchObject({ options: { rpId: 'keys.example.com' } });
      const [cookie = ''] = answer.headers.getSetCookie();
      expect(cookie).toMatch(/^__Host-keywright_passkey=.*; Path=\/; HttpOnly; Secure; SameSite=Lax/);
    });
  },
  { env: { KEYWRIGHT_PUBLIC_URL: 'https://keys.example.com' } },
);

forEachEngine((createPlace) => {
  test('making and removing one needs a recent proof', async () => {
    const place = await createPlace();
    const service = await startService({ env: settingsOf(place) });
    const url = atLocalhost(service.url);
    const someone = newPerson();
    await post(browser(url), '/setup', { ...someone, token: setupTokenOf(service) });
    const root = await signIn(url, someone);
    const phone = new Authenticator(url);
    expect((await addPasskey(root, phone)).status).toBe(200);
    const id = (await securityOf(root)).passkeys[0]?.id;
    await place.query(`UPDATE auth_sessions SET authenticated_at = ${Date.now() - 11 * 60_000}`);
    for (const [path, body] of [
      ['/passkey/register-options', {}],
      ['/passkey/delete', { id }],
    ] as const) {
      const answer = await post(root, path, body);
      expect(readProblem(answer), path).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(answer.headers.get('WWW-Authenticate')).toMatch(/error="insufficient_user_authentication"/);
    }
    expect((await post(root, '/passkey/rename', { id, name: 'Key' })).status).toBe(200);
    // What nobody came back for goes when the next one comes.
    const waiting = async () => (await place.query('SELECT 1 FROM auth_verifications')).length;
    await askForSignIn(url);
    const before = await waiting();
    await askForSignIn(url);
    expect(await waiting()).toBe(before + 1);
    await place.query(`UPDATE auth_verifications SET expires_at = ${Date.now() - 1000}`);
    await askForSignIn(url);
    expect(await waiting()).toBe(1);
    // What is kept of it: no secret.
    const [row] = await place.query<Record<string, unknown>>('SELECT * FROM auth_passkeys');
    expect(row).toMatchObject({ user_id: root.id, name: 'Key', device_type: 'singleDevice' });
  });
});
