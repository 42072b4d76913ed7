import { expect, test } from 'vitest';
import { settingsOf } from '../process/support/program.ts';
import { browser, newPerson, post, setupTokenOf, signIn } from '../support/account.ts';
import { client, readProblem } from '../support/client.ts';
import { forEachEngine } from '../support/engines.ts';
import { startService } from '../support/running-service.ts';

const minute = 60_000;

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    const service = await startService({ env: settingsOf(place) });
    const person = newPerson();
    const token = setupTokenOf(service);
    expect((await post(browser(service.url), '/setup', { ...person, token })).status).toBe(200);
    const root = await signIn(service.url, person);
    const { items } = await root.call('listProjects');
    const projectId = items[0]?.id ?? '';
    /** As if the password had been proved that long ago. */
    const age = (ms: number) => place.query(`UPDATE auth_sessions SET authenticated_at = ${Date.now() - ms}`);
    /** As if the session were that old. */
    const ageSession = (ms: number) =>
      place.query(
        `UPDATE auth_sessions SET created_at = created_at - ${ms}, expires_at = expires_at - ${ms}`,
      );
    const expiry = async () => {
      const [row] = await place.query<{ expires_at: number | string }>(
        'SELECT expires_at FROM auth_sessions',
      );
      return row === undefined ? null : Number(row.expires_at);
    };
    return { place, service, root, projectId, age, ageSession, expiry };
  }

  test('who makes a service key or an administrator, or erases itself, proved the password within ten minutes', async () => {
    const { service, root, projectId, age } = await start();
    const body = { name: 'Backend', projectId, scopes: ['verify' as const] };
    await age(9 * minute);
    const { serviceKey } = await root.call('createServiceKey', { body });
    await age(11 * minute);
    const requests: [Parameters<typeof root.send>[0], object][] = [
      ['createServiceKey', { body }],
      ['createServiceKey', { body: { ...body, projectId: null } }],
      ['rotateServiceKey', { params: { serviceKeyId: serviceKey.id } }],
      ['updateAccount', { params: { accountId: root.id }, body: { isInstanceAdmin: true } }],
      ['createAccountLink', { params: { accountId: root.id }, body: { purpose: 'reset_password' } }],
      ['eraseAccount', { params: { accountId: root.id } }],
    ];
    for (const [name, options] of requests) {
      const refused = await root.send(name, options);
      expect(readProblem(refused)).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(refused.headers.get('WWW-Authenticate')).toMatch(
        /^Bearer error="insufficient_user_authentication", .*max_age=600$/,
      );
    }
    const moving = await post(root, '/change-email', { email: newPerson().email });
    expect(readProblem(moving)).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(moving.headers.get('WWW-Authenticate')).toContain('insufficient_user_authentication');
    // Everything else goes on, and so do service keys.
    await root.call('listServiceKeys');
    await client(service.url, service.bootstrapKey).call('createServiceKey', { body });

    const wrong = readProblem(await post(root, '/reauthenticate', { password: 'a lamp beside the see' }));
    expect(wrong).toMatchObject({ status: 400, errors: [{ path: 'password' }] });
    expect(readProblem(await root.send('createServiceKey', { body }))).toMatchObject({ status: 401 });
    expect((await post(root, '/reauthenticate', { password: root.password })).status).toBe(200);
    await root.call('createServiceKey', { body });
    await root.call('rotateServiceKey', { params: { serviceKeyId: serviceKey.id } });
  });

  test('a session goes on while it is used, ends a week after the last use, and thirty days after the sign-in', async () => {
    const { root, ageSession, expiry } = await start();
    const day = 24 * 60 * minute;
    const left = async () => Math.round((((await expiry()) ?? 0) - Date.now()) / day);
    expect(await left()).toBe(7);
    for (let used = 6; used < 30; used += 6) {
      await ageSession(6 * day);
      await root.call('getMe');
      expect(await left()).toBe(Math.min(7, 30 - used));
    }
    await ageSession(6 * day);
    expect(readProblem(await root.send('getMe'))).toMatchObject({ status: 401 });
    const again = await signIn(new URL(root.url).origin, root);
    // The sign-in cleared away what had ended.
    expect(await left()).toBe(7);
    await ageSession(7 * day);
    const idle = readProblem(await again.send('getMe'));
    expect(idle).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  test('what a clock that was ahead left behind is neither a recent proof nor a session for years', async () => {
    const { root, projectId, age, ageSession } = await start();
    const body = { name: 'Backend', projectId, scopes: ['verify' as const] };
    await age(-11 * minute);
    expect(readProblem(await root.send('createServiceKey', { body }))).toMatchObject({ status: 401 });
    expect((await post(root, '/reauthenticate', { password: root.password })).status).toBe(200);
    await root.call('createServiceKey', { body });
    await ageSession(-23 * 60 * minute);
    await root.call('getMe');
    await ageSession(-10 * 365 * 24 * 60 * minute);
    expect(readProblem(await root.send('getMe'))).toMatchObject({ status: 401 });
    await (await signIn(new URL(root.url).origin, root)).call('getMe');
  });

  test('of a session only a hash is kept, and no password at all', async () => {
    const { place, root } = await start();
    const token = decodeURIComponent(root.cookie.split('=')[1] ?? '').split('.')[0] ?? '';
    expect(token).toMatch(/^\w{32}$/);
    const tables = [
      'auth_users',
      'auth_sessions',
      'auth_credentials',
      'ledger',
      'ledger_private',
      'instance',
    ];
    let seen = '';
    for (const table of tables) {
      for (const row of await place.query<Record<string, unknown>>(`SELECT * FROM ${table}`)) {
        for (const value of Object.values(row))
          seen += Buffer.isBuffer(value) ? value.toString('latin1') : String(value);
      }
    }
    expect(seen).toContain(root.email);
    expect(seen).not.toContain(token);
    expect(seen).not.toContain(root.password);
    expect(seen).toContain('scrypt$');
  });

  test('when sessions cannot be read, that is a fault and nobody is signed out by it', async () => {
    const { place, root } = await start();
    await place.query('ALTER TABLE auth_sessions RENAME TO elsewhere');
    for (const [method, path] of [
      ['GET', '/v1/me'],
      ['GET', '/api/auth/get-session'],
      ['POST', '/api/auth/sign-out'],
      ['POST', '/api/auth/sign-in/email'],
    ] as const) {
      const { email, password } = root;
      const answer = await root.request(
        method,
        path,
        path.endsWith('email') ? { body: { email, password } } : {},
      );
      expect(readProblem(answer), path).toMatchObject({ status: 500, code: 'internal' });
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    await place.query('ALTER TABLE elsewhere RENAME TO auth_sessions');
    await root.call('getMe');
  });
});
