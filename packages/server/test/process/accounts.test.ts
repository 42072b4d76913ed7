import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { browser, newPerson, post, setupTokenOf, signIn } from '../support/account.ts';
import { Authenticator } from '../support/authenticator.ts';
import { client, readProblem } from '../support/client.ts';
import { createDatabase, createDirectory, forEachEngine } from '../support/engines.ts';
import { holdRows } from '../support/hold.ts';
import { addPasskey, atLocalhost, signInWith } from '../support/passkeys.ts';
import { startService } from '../support/running-service.ts';
import { beginSignIn, securityOf, sendCode, turnOn } from '../support/second-factor.ts';
import { until, untilBlocked } from '../support/waiting.ts';
import { createTemporaryDirectory } from './support/directory.ts';
import { makePasswordLink, useLink } from './support/links.ts';
import { keywright, sentencesOf, settingsOf } from './support/program.ts';

const password = 'a lamp beside the sea';

describe('the secret that signs sessions', () => {
  test('is made beside the SQLite database, for nobody else to read, and stays', async () => {
    const { location } = await createDirectory();
    const first = await startService({ dataDir: location });
    const file = join(location, 'keywright.secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const secret = readFileSync(file, 'utf8');
    expect(Buffer.from(secret, 'base64')).toHaveLength(32);
    expect(existsSync(`${file}.new`)).toBe(false);
    const person = newPerson();
    await post(browser(first.url), '/setup', { ...person, token: setupTokenOf(first) });
    const { cookie } = await signIn(first.url, person);
    expect(first.logs()).not.toContain(secret.trim());
    await first.stop();
    const second = await startService({ dataDir: location });
    expect(readFileSync(file, 'utf8')).toBe(secret);
    expect(await browser(second.url, { Cookie: cookie }).call('getMe')).toMatchObject({
      email: person.email,
    });
    await second.stop();
    // Another secret ends all sessions.
    const env = { KEYWRIGHT_SECRET: 'another-one-that-is-long-enough-too' };
    const third = await startService({ dataDir: location, env });
    const after = await browser(third.url, { Cookie: cookie }).send('getMe');
    expect(readProblem(after)).toMatchObject({ status: 401 });
    await signIn(third.url, person);
  });

  test('is not taken from a file that others may read, nor from a damaged one', async () => {
    const { location } = await createDirectory();
    await (await startService({ dataDir: location })).stop();
    const file = join(location, 'keywright.secret');
    const start = () => keywright(['serve', '--port', '0'], { env: { KEYWRIGHT_DATA_DIR: location } });
    chmodSync(file, 0o644);
    expect(sentencesOf(await start())).toEqual([expect.stringContaining(`chmod 600 ${file}`)]);
    chmodSync(file, 0o600);
    writeFileSync(file, 'short');
    expect(sentencesOf(await start())).toEqual([expect.stringContaining('is damaged')]);
  });

  test('must be given on PostgreSQL', async () => {
    const { location } = await createDatabase();
    const ended = await keywright(['serve', '--port', '0'], { env: { KEYWRIGHT_DATABASE_URL: location } });
    expect(ended.code).toBe(1);
    expect(sentencesOf(ended)).toEqual([expect.stringContaining('openssl rand -base64 32')]);
  });
});

forEachEngine((createPlace) => {
  test('the configured administrator is made once, and stays as it was changed', async () => {
    const place = await createPlace();
    const env = {
      ...settingsOf(place),
      KEYWRIGHT_ADMIN_EMAIL: 'Root@Example.com',
      KEYWRIGHT_ADMIN_PASSWORD: password,
    };
    const first = await startService({ env });
    expect(first.logs()).not.toContain('/setup');
    const root = await signIn(first.url, { email: 'root@example.com', password });
    expect(await root.call('getMe')).toMatchObject({ name: 'root', isInstanceAdmin: true });
    const change = { currentPassword: password, newPassword: 'a lamp below the sea' };
    expect((await post(root, '/change-password', change)).status).toBe(200);
    expect(first.logs()).not.toContain(password);
    await first.stop();
    const file = join(createTemporaryDirectory(), 'password');
    writeFileSync(file, `${password}\n`);
    const byFile = { KEYWRIGHT_ADMIN_PASSWORD: undefined, KEYWRIGHT_ADMIN_PASSWORD_FILE: file };
    const second = await startService({ env: { ...env, ...byFile } });
    await signIn(second.url, { email: 'root@example.com', password: change.newPassword });
    const former = await post(browser(second.url), '/sign-in/email', { email: 'root@example.com', password });
    expect(former.status).toBe(401);
    const accounts = await place.query('SELECT id FROM auth_users');
    expect(accounts).toHaveLength(1);
  });

  test('a password that would be guessed is a reason not to start', async () => {
    const env = settingsOf(await createPlace());
    for (const weak of ['password', 'short', 'root@example.com', 'keywright1']) {
      const admin = { KEYWRIGHT_ADMIN_EMAIL: 'root@example.com', KEYWRIGHT_ADMIN_PASSWORD: weak };
      const ended = await keywright(['serve', '--port', '0'], { env: { ...env, ...admin } });
      expect(ended.code).toBe(1);
      const [sentence, ...more] = sentencesOf(ended);
      expect(more).toEqual([]);
      expect(sentence).toMatch(/^KEYWRIGHT_ADMIN_PASSWORD cannot be used: password .+[^.]\.$/);
      expect(sentence).not.toContain(weak === 'password' ? 'password password' : ` ${weak}`);
    }
  });

  test('killed in the middle of a sign-up, it leaves nothing of it, and the same person signs up again', async () => {
    const place = await createPlace();
    const env = {
      ...settingsOf(place),
      KEYWRIGHT_ADMIN_EMAIL: 'root@example.com',
      KEYWRIGHT_ADMIN_PASSWORD: password,
    };
    const service = await startService({ env });
    const root = await signIn(service.url, { email: 'root@example.com', password });
    await root.call('updateInstance', { body: { signup: 'open' } });
    const person = newPerson();
    if (place.engine === 'postgres') {
      // Everything is written but for the last: the ledger's rows.
      const release = await holdRows(place, 'SELECT 1 FROM ledger_head FOR UPDATE');
      const signing = post(browser(service.url), '/sign-up/email', person).catch(() => null);
      const tooEarly = signing.then((answer) => {
        if (answer !== null) throw new Error(`It was answered before: ${answer.status} ${answer.text}`);
      });
      await Promise.race([untilBlocked(place), tooEarly]);
      await service.kill();
      await signing;
      await release();
      await until(
        async () =>
          // Those to this test's database: others run their services beside it.
          (
            await place.query(
              `SELECT 1 FROM pg_stat_activity
               WHERE datname = current_database() AND application_name LIKE 'keywright%'`,
            )
          ).length === 0,
        'its connections are gone',
      );
    } else {
      const signing = Promise.all(
        [person, newPerson(), newPerson()].map((each) =>
          post(browser(service.url), '/sign-up/email', each).catch(() => null),
        ),
      );
      await until(
        async () => (await place.query('SELECT 1 FROM auth_users')).length > 1,
        'one has signed up',
      );
      await service.kill();
      await signing;
    }
    const halves = await place.query(
      `SELECT auth_users.id FROM auth_users
       LEFT JOIN auth_credentials ON auth_credentials.user_id = auth_users.id
       LEFT JOIN memberships ON memberships.account_id = auth_users.id
       LEFT JOIN ledger ON ledger.subject_id = auth_users.id AND ledger.action = 'account.created'
       WHERE auth_credentials.id IS NULL OR memberships.role IS NULL OR ledger.seq IS NULL`,
    );
    expect(halves).toEqual([]);
    const again = await startService({ env });
    expect((await post(browser(again.url), '/sign-up/email', person)).status).toBe(200);
    const ada = await signIn(again.url, person);
    expect(await ada.call('getMe')).toMatchObject({ projects: [{ role: 'owner' }] });
  });

  test('commands reset a password, and say who administers, with the server running or not', async () => {
    const place = await createPlace();
    const settings = {
      ...settingsOf(place),
      KEYWRIGHT_DATA_DIR: place.engine === 'sqlite' ? place.location : createTemporaryDirectory(),
    };
    const admin = { KEYWRIGHT_ADMIN_EMAIL: 'root@example.com', KEYWRIGHT_ADMIN_PASSWORD: password };
    const service = await startService({ env: { ...settings, ...admin } });
    const root = await signIn(service.url, { email: 'root@example.com', password });
    await root.call('updateInstance', { body: { signup: 'open' } });
    const person = newPerson();
    await post(browser(service.url), '/sign-up/email', person);
    const ada = await signIn(service.url, person);
    const { KEYWRIGHT_SECRET: _, ...env } = settings as Record<string, string>;
    const run = (args: string[], stdin = '') => keywright(['admin', ...args], { env, stdin });

    const reset = await run(['reset-password', person.email.toUpperCase()], 'a lamp below the sea\n');
    expect(reset, reset.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('has a new password'),
    });
    expect((await ada.send('getMe')).status).toBe(401);
    const fresh = await signIn(service.url, { email: person.email, password: 'a lamp below the sea' });
    expect((await run(['grant', person.email])).code).toBe(0);
    expect(await fresh.call('getMe')).toMatchObject({ isInstanceAdmin: true });
    expect((await run(['revoke', 'root@example.com'])).code).toBe(0);
    expect(await root.call('getMe')).toMatchObject({ isInstanceAdmin: false });
    const last = await run(['revoke', person.email]);
    expect(last).toMatchObject({ code: 1, stderr: expect.stringContaining('only administrator') });
    expect(
      (await fresh.call('listLedger', { query: { limit: 4 } })).items.map(({ action, actor }) => [
        action,
        actor.type,
      ]),
    ).toEqual([
      ['account.admin_revoked', 'system'],
      ['account.admin_granted', 'system'],
      ['account.password_changed', 'system'],
      ['member.added', 'account'],
    ]);

    for (const [args, stdin, said] of [
      [['reset-password', person.email], 'password\n', 'guessed first'],
      [['reset-password', person.email], '', 'No password was given'],
      [['reset-password', 'nobody@example.com'], 'a lamp below the sea\n', 'no such account'],
      [['grant', 'nobody@example.com'], '', 'No account has this'],
    ] as const) {
      const refused = await run([...args], stdin);
      expect(refused.code, said).not.toBe(0);
      expect(refused.stderr).toContain(said);
      expect(refused.stderr).not.toContain('lamp');
    }

    await service.stop();
    const offline = await run(['reset-password', person.email], 'a lamp inside the sea\n');
    expect(offline, offline.stderr).toMatchObject({ code: 0 });
    const later = await startService({ env: settings });
    const now = await signIn(later.url, { email: person.email, password: 'a lamp inside the sea' });

    const exported = await run(['export', 'root@example.com']);
    expect(exported.code, exported.stderr).toBe(0);
    expect(JSON.parse(exported.stdout)).toMatchObject({ account: { email: 'root@example.com' } });
    expect(await run(['erase', 'root@example.com'])).toMatchObject({ code: 2, stdout: '' });
    const kept = await run(['erase', 'root@example.com', '--yes']);
    expect(kept).toMatchObject({ code: 1, stderr: expect.stringContaining('last_owner') });
    const { items } = await now.call('listProjects', {});
    const own = items.find(({ name }) => name.startsWith('root'));
    await now.call('deleteProject', { params: { projectId: own?.id ?? '' } });
    const erased = await run(['erase', 'root@example.com', '--yes']);
    expect(erased, erased.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Erased acc_\w+; /),
    });
    expect((await run(['export', 'root@example.com'])).code).not.toBe(0);
  }, 240_000);

  test('a command ends all sessions, sign-ins that are half done, and links; everybody signs in anew', async () => {
    const place = await createPlace();
    const settings = {
      ...settingsOf(place),
      KEYWRIGHT_DATA_DIR: place.engine === 'sqlite' ? place.location : createTemporaryDirectory(),
    };
    const { KEYWRIGHT_SECRET: _, ...env } = settings as Record<string, string>;
    const root = { email: 'root@example.com', password };
    const service = await startService({
      env: { ...settings, KEYWRIGHT_ADMIN_EMAIL: root.email, KEYWRIGHT_ADMIN_PASSWORD: root.password },
    });
    const session = await signIn(service.url, root);
    const { app, backupCodes } = await turnOn(session);
    const half = await beginSignIn({ ...root, url: service.url });
    const api = client(service.url, service.bootstrapKey);
    const token = await makePasswordLink(api, root.email);

    const ended = await keywright(['admin', 'end-sessions'], { env });
    expect(ended, ended.stderr).toMatchObject({
      code: 0,
      stdout: 'All sessions ended: everybody signs in anew.\n',
    });
    expect((await session.send('getMe')).status).toBe(401);
    expect((await sendCode(half, app.next())).status).toBe(401);
    expect(await useLink(service.url, token)).toBe(403);
    const anew = await beginSignIn({ ...root, url: service.url });
    expect((await sendCode(anew, backupCodes[0] ?? '')).status).toBe(200);
    const { items } = await api.call('listLedger', { query: { action: 'instance.sessions_ended' } });
    expect(items).toMatchObject([
      { actor: { type: 'system', id: 'command' }, subject: { type: 'instance' } },
    ]);
  }, 240_000);

  test('who lost the phone gets in by a new password, once what was on the phone is taken away too', async () => {
    const place = await createPlace();
    const settings = {
      ...settingsOf(place),
      KEYWRIGHT_DATA_DIR: place.engine === 'sqlite' ? place.location : createTemporaryDirectory(),
    };
    const root = { email: 'root@example.com', password };
    const service = await startService({
      env: { ...settings, KEYWRIGHT_ADMIN_EMAIL: root.email, KEYWRIGHT_ADMIN_PASSWORD: root.password },
    });
    const { KEYWRIGHT_SECRET: _, ...env } = settings as Record<string, string>;
    const reset = (to: string, ...flags: string[]) =>
      keywright(['admin', 'reset-password', root.email, ...flags], { env, stdin: `${to}\n` });
    const url = atLocalhost(service.url);
    const before = await signIn(url, root);
    const phone = new Authenticator(url);
    expect((await addPasskey(before, phone)).status).toBe(200);
    await turnOn(before);

    const above = 'a lamp above the sea';
    expect(await reset(above)).toMatchObject({ code: 0 });
    await beginSignIn({ url, email: root.email, password: above });
    expect((await signInWith(phone, url)).status).toBe(200);

    const below = 'a lamp below the sea';
    const without = await reset(below, '--without-second-factor');
    expect(without, without.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('are gone') });
    const after = await signIn(url, { ...root, password: below });
    expect(await securityOf(after)).toMatchObject({ twoFactor: { isOn: false }, passkeys: [] });
    expect((await signInWith(phone, url)).status).toBe(401);
    const { items } = await after.call('listLedger', { query: { limit: 3 } });
    expect(items.map(({ action, actor }) => [action, actor.type])).toEqual([
      ['account.passkey_removed', 'system'],
      ['account.second_factor_off', 'system'],
      ['account.password_changed', 'system'],
    ]);
  }, 240_000);
});
