import { expect, onTestFinished, test } from 'vitest';
import { settingsOf } from '../process/support/program.ts';
import { administrator, browser, newPerson, post, setupTokenOf, signIn, signUp } from '../support/account.ts';
import { client, readProblem } from '../support/client.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { type Installation, onBothEngines } from '../support/installation.ts';
import { tokenOf } from '../support/membership.ts';
import { startService } from '../support/running-service.ts';

/** Changes who may sign up, for one test. */
async function setSignup(at: Installation, body: object): Promise<void> {
  await administrator(at);
  await at.admin.call('updateInstance', { body });
  onTestFinished(async () => {
    await at.admin.call('updateInstance', { body: { signup: 'open', signupProjectId: null } });
  });
}

onBothEngines((at) => {
  test('sign-up tells nothing about an address that has an account', async () => {
    const ada = await signUp(at);
    const before = await at.ledgerHead();
    const { name, email } = ada;
    const taken = await post(browser(at.url), '/sign-up/email', {
      name,
      email,
      password: 'another lamp at sea',
    });
    expect(await at.ledgerSince(before)).toEqual([]);
    const free = await post(browser(at.url), '/sign-up/email', newPerson());
    expect(await at.ledgerSince(before)).toHaveLength(3);
    expect([taken.status, taken.text]).toEqual([free.status, free.text]);
    const headers = [taken, free].map((answer) => [...answer.headers.keys()].sort());
    expect(headers[0]).toEqual(headers[1]);
    // It has the password that it had, and no session was given away.
    await signIn(at.url, ada);
    const intruder = await post(browser(at.url), '/sign-in/email', {
      email,
      password: 'another lamp at sea',
    });
    expect(intruder.status).toBe(401);
  });

  test('the same address at once makes one account', async () => {
    await administrator(at);
    const person = newPerson();
    const before = await at.ledgerHead();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(browser(at.url), '/sign-up/email', person)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await at.ledgerSince(before)).toHaveLength(3);
    await signIn(at.url, person);
  });

  test('nobody signs up where sign-up is closed', async () => {
    await setSignup(at, { signup: 'closed' });
    const refused = readProblem(await post(browser(at.url), '/sign-up/email', newPerson()));
    expect(refused).toMatchObject({
      status: 403,
      code: 'forbidden',
      detail: 'This instance takes no new accounts.',
    });
  });

  test('only who was invited signs up where it takes an invitation', async () => {
    await setSignup(at, { signup: 'invite' });
    const refused = readProblem(await post(browser(at.url), '/sign-up/email', newPerson()));
    expect(refused).toMatchObject({ status: 403, detail: expect.stringContaining('by invitation only') });
    const made = { ...newPerson(), invitationToken: 'made-up' };
    expect(readProblem(await post(browser(at.url), '/sign-up/email', made))).toMatchObject({ status: 404 });
    const signIn = await post(browser(at.url), '/sign-in/email', {
      email: made.email,
      password: made.password,
    });
    expect(signIn.status).toBe(401);
  });

  test('who was invited signs up as a member of that project, with that address only, once', async () => {
    await setSignup(at, { signup: 'invite' });
    const { id: projectId } = await at.createProject({ name: 'Weather' });
    const invite = async (email: string, of = projectId) => {
      const body = { email, role: 'operator' as const };
      return tokenOf((await at.admin.call('createInvitation', { params: { projectId: of }, body })).link);
    };
    const person = newPerson();
    const invitationToken = await invite(person.email);
    const other = await post(browser(at.url), '/sign-up/email', { ...newPerson(), invitationToken });
    expect(readProblem(other)).toMatchObject({ status: 403, code: 'forbidden' });

    const before = await at.ledgerHead();
    const answer = await post(browser(at.url), '/sign-up/email', { ...person, invitationToken });
    expect(answer.status, answer.text).toBe(200);
    const ada = await signIn(at.url, person);
    const projects = [{ id: projectId, name: 'Weather', role: 'operator' }];
    expect(await ada.call('getMe')).toMatchObject({ projects });
    expect((await at.ledgerSince(before)).map(({ action, actor }) => [action, actor.id])).toEqual([
      ['account.created', ada.id],
      ['invitation.accepted', ada.id],
      ['member.added', ada.id],
    ]);
    const again = await post(browser(at.url), '/sign-up/email', { ...person, invitationToken });
    expect(readProblem(again)).toMatchObject({ status: 404 });

    // Who has an account already is told so, holding a link that was made for that address; and it is not used up.
    const second = await invite(person.email, (await at.createProject()).id);
    const body = { ...person, password: 'another lamp at sea', invitationToken: second };
    const known = readProblem(await post(browser(at.url), '/sign-up/email', body));
    expect(known).toMatchObject({ status: 400, errors: [{ path: 'email' }] });
    await ada.call('acceptInvitation', { body: { token: second } });
  });

  test('a new account joins the project that the instance names, until that is deleted', async () => {
    const { id } = await at.createProject({ name: 'Everybody' });
    await setSignup(at, { signupProjectId: id });
    const ada = await signUp(at);
    expect(await ada.call('getMe')).toMatchObject({ projects: [{ id, name: 'Everybody', role: 'member' }] });
    await at.admin.call('deleteProject', { params: { projectId: id } });
    expect(await ada.call('getMe')).toMatchObject({ projects: [] });
    const eve = await signUp(at);
    expect(await eve.call('getMe')).toMatchObject({
      projects: [{ name: `${eve.name}’s project`, role: 'owner' }],
    });
  });

  test('the instance does not name a project that there is not', async () => {
    const { id } = await at.createProject();
    await at.admin.call('deleteProject', { params: { projectId: id } });
    const refused = await at.admin.refuse('updateInstance', { body: { signupProjectId: id } });
    expect(refused).toMatchObject({ status: 400, errors: [{ path: 'signupProjectId' }] });
  });

  test.each([
    ['name', ''],
    ['name', 'a\u0000b'],
    ['email', 'nobody'],
    ['email', 'a@b'],
    ['email', ['ada@example.com']],
    ['email', `${'a'.repeat(250)}@example.com`],
    ['password', 'short'],
    ['password', 12345678],
    ['password', 'password1'],
    ['isInstanceAdmin', true],
    ['id', 'acc_0'],
    ['role', 'owner'],
  ])('sign-up with %s = %j is refused', async (field, value) => {
    await administrator(at);
    const answer = await post(browser(at.url), '/sign-up/email', { ...newPerson(), [field]: value });
    expect(readProblem(answer)).toMatchObject({ status: 400, errors: [{ path: field }] });
  });

  test('the public part of the instance is there for everybody', async () => {
    await administrator(at);
    const body = { supportUrl: 'https://help.example.com', docsUrl: 'https://docs.example.com' };
    const { instance } = await at.admin.call('updateInstance', { body });
    const { status, json } = await client(at.url, null).request('GET', '/api/auth/instance');
    const { signupProjectId, ...shown } = instance;
    expect([status, json]).toEqual([200, { ...shown, isSetUp: true, canSendMail: false }]);
    for (const supportUrl of ['javascript:alert(1)', 'x', 'ftp://a', '//evil.example']) {
      const refused = await at.admin.refuse('updateInstance', { body: { supportUrl } });
      expect(refused).toMatchObject({ status: 400, errors: [{ path: 'supportUrl' }] });
    }
  });
});

forEachEngine((createPlace) => {
  const start = async (place: Place) => startService({ env: settingsOf(place) });

  test('nobody signs up before the set-up link was used, and it works once', async () => {
    const service = await start(await createPlace());
    const page = browser(service.url);
    const early = readProblem(await post(page, '/sign-up/email', newPerson()));
    expect(early).toMatchObject({ status: 403, detail: expect.stringContaining('not set up yet') });
    expect((await page.request('GET', '/api/auth/instance')).json).toMatchObject({ isSetUp: false });

    const token = setupTokenOf(service);
    for (const wrong of ['', token.slice(1), `${token}x`, token.toUpperCase()]) {
      const { status } = await post(browser(service.url), '/setup', { ...newPerson(), token: wrong });
      expect([400, 403]).toContain(status);
    }
    const weak = await post(page, '/setup', { ...newPerson({ password: 'password' }), token });
    expect(readProblem(weak)).toMatchObject({ status: 400 });

    const people = [newPerson(), newPerson()];
    const both = await Promise.all(
      people.map((person) => post(browser(service.url), '/setup', { ...person, token })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
    const winner = people[both.findIndex(({ status }) => status === 200)];
    if (winner === undefined) throw new Error('nobody won');
    const root = await signIn(service.url, winner);
    expect(await root.call('getMe')).toMatchObject({ isInstanceAdmin: true, projects: [{ role: 'owner' }] });
    expect(
      (await root.call('listLedger', { query: { limit: 10 } })).items.map(({ action }) => action),
    ).toContain('account.admin_granted');
    const late = await post(browser(service.url), '/setup', { ...newPerson(), token });
    expect(readProblem(late)).toMatchObject({ status: 403 });
    expect((await page.request('GET', '/api/auth/instance')).json).toMatchObject({
      isSetUp: true,
      signup: 'invite',
    });
  });

  test('a new start prints a new link, which ends the former one, and none when there is an administrator', async () => {
    const place = await createPlace();
    const first = await start(place);
    const former = setupTokenOf(first);
    const [{ setup_token_sha256: kept } = { setup_token_sha256: Buffer.alloc(0) }] = await place.query<{
      setup_token_sha256: Buffer;
    }>('SELECT setup_token_sha256 FROM instance');
    expect(kept).toHaveLength(32);
    expect(kept.toString('latin1')).not.toContain(former);
    await first.stop();
    const second = await start(place);
    const person = newPerson();
    const stale = await post(browser(second.url), '/setup', { ...person, token: former });
    expect(readProblem(stale)).toMatchObject({ status: 403 });
    const fresh = await post(browser(second.url), '/setup', { ...person, token: setupTokenOf(second) });
    expect(fresh.status, fresh.text).toBe(200);
    await second.stop();
    const third = await start(place);
    expect(third.logs()).not.toContain('/setup');
    await signIn(third.url, person);
  });
});
