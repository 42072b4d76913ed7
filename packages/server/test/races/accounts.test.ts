import { expect, test } from 'vitest';
import { createIdentity } from '../../src/accounts/better-auth/identity.ts';
import { changePassword } from '../../src/accounts/change-password.ts';
import type { Identity } from '../../src/accounts/identity.ts';
import { resetPassword } from '../../src/accounts/reset-password.ts';
import { issueSetupToken, setUp } from '../../src/accounts/set-up.ts';
import { signIn } from '../../src/accounts/sign-in.ts';
import { signUp } from '../../src/accounts/sign-up.ts';
import { updateInstance } from '../../src/accounts/update-instance.ts';
import { systemCaller } from '../../src/domain/caller.ts';
import { newAddress, newPerson } from '../support/account.ts';
import { authOptionsOn } from '../support/auth.ts';
import { forEachEngine } from '../support/engines.ts';
import { hold } from '../support/hold.ts';
import { admin, codeOf, expectIntactLedger, startEngine, tally } from '../support/running-engine.ts';
import { servicesOn } from '../support/services.ts';
import { untilBlocked } from '../support/waiting.ts';

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    const engine = await startEngine(await place.open());
    const { context } = engine;
    const services = servicesOn(engine);
    const setUpAs = async (token: string) => setUp(services, newAddress(), { ...newPerson(), token });
    const count = async (table: string) => {
      const [row] = await place.query<{ count: number | string }>(`SELECT count(*) AS count FROM ${table}`);
      return Number(row?.count);
    };
    return { place, engine, context, services, setUpAs, count };
  }

  test('of several who use the set-up link at once one becomes the administrator', async () => {
    const { place, engine, context, setUpAs, count } = await start();
    const token = (await issueSetupToken(context))?.reveal() ?? '';
    const release = await hold(place, engine.storage, 'SELECT 1 FROM instance FOR UPDATE');
    const setting = Array.from({ length: 4 }, () => setUpAs(token));
    // Each has seen the link to be good, and hashed its password, before one of them uses it up.
    const outcome = tally(setting);
    await untilBlocked(place, place.engine === 'sqlite' ? 1 : 4);
    await release();
    expect(await outcome).toEqual({ succeeded: 1, forbidden: 3 });
    expect([await count('auth_users'), await count('account_admins'), await count('projects')]).toEqual([
      1, 1, 1,
    ]);
    await expectIntactLedger(engine);
  });

  test('a new link ends a set-up that is on its way by the former one', async () => {
    const { place, engine, context, setUpAs, count } = await start();
    const former = (await issueSetupToken(context))?.reveal() ?? '';
    const release = await hold(place, engine.storage, 'SELECT 1 FROM instance FOR UPDATE');
    const issuing = issueSetupToken(context);
    await untilBlocked(place);
    const setting = setUpAs(former).then(() => 'succeeded', codeOf);
    await untilBlocked(place, place.engine === 'sqlite' ? 1 : 2);
    await release();
    expect(await setting).toBe('forbidden');
    expect(await count('auth_users')).toBe(0);
    await setUpAs((await issuing)?.reveal() ?? '');
    expect(await issueSetupToken(context)).toBeNull();
  });

  test('who signs up while sign-up is being closed comes before or not at all', async () => {
    const { place, engine, context, services, setUpAs, count } = await start();
    await setUpAs((await issueSetupToken(context))?.reveal() ?? '');
    await updateInstance(context, admin, { signup: 'open' });
    const release = await hold(place, engine.storage, 'SELECT 1 FROM instance FOR UPDATE');
    const closing = updateInstance(context, admin, { signup: 'closed' });
    await untilBlocked(place);
    const signing = signUp(services, newAddress(), newPerson()).then(() => 'succeeded', codeOf);
    await untilBlocked(place, place.engine === 'sqlite' ? 1 : 2);
    await release();
    await closing;
    expect(await signing).toBe('forbidden');
    expect([await count('auth_users'), await count('auth_credentials'), await count('projects')]).toEqual([
      1, 1, 1,
    ]);
  });

  test('a sign-up whose project is deleted in the meantime gives a project of one’s own', async () => {
    const { place, engine, context, services, setUpAs } = await start();
    await setUpAs((await issueSetupToken(context))?.reveal() ?? '');
    const [project] = await place.query<{ id: string }>('SELECT id FROM projects');
    const signupProjectId = project?.id ?? '';
    await updateInstance(context, admin, { signup: 'open', signupProjectId });
    const { deleteProject } = await import('../../src/projects/delete-project.ts');
    const release = await hold(
      place,
      engine.storage,
      `SELECT 1 FROM projects WHERE id = '${signupProjectId}' FOR SHARE`,
    );
    const deleting = deleteProject(context, admin, signupProjectId);
    await untilBlocked(place);
    const person = newPerson();
    const signing = signUp(services, newAddress(), person);
    await release();
    await Promise.all([deleting, signing]);
    const account = await context.stores.accounts.findByEmail(person.email);
    const { roles } = await context.stores.authority.find(account?.id ?? '');
    expect([...roles.values()]).toEqual([
      place.engine === 'sqlite' ? 'owner' : expect.stringMatching(/owner|member/),
    ]);
    await expectIntactLedger(engine);
  });

  test.each(['reset', 'changed'])(
    'a sign-in by a password that is %s while it is looked at begins no session',
    async (how) => {
      const { engine, context, services, setUpAs, count } = await start();
      await setUpAs((await issueSetupToken(context))?.reveal() ?? '');
      await updateInstance(context, admin, { signup: 'open' });
      const person = newPerson();
      await signUp(services, newAddress(), person);
      const { email, password } = person;

      const [begins, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const options = { ...authOptionsOn(engine), passkeys: services.passkeys };
      const identity = createIdentity(options);
      const slow = createIdentity({
        ...options,
        records: {
          ...options.records,
          write: async (run) => {
            begins.resolve();
            await gate.promise;
            return options.records.write(run);
          },
        },
      });
      const visit = {
        cookie: undefined,
        address: newAddress(),
        userAgent: 'test',
        isSecure: false,
        origin: 'http://localhost',
      };
      const signing = signIn({ ...services, identity: slow }, visit, { email, password });
      const outcome = signing.then(() => 'succeeded', codeOf);
      // The password was found to be right; the session is not written yet.
      await begins.promise;
      const newPassword = 'a lamp below the sea';
      if (how === 'reset') await resetPassword(services, systemCaller, { email, password: newPassword });
      else {
        const { cookies } = await signIn({ ...services, identity }, visit, { email, password });
        const signed = { ...visit, cookie: cookies[0]?.split(';')[0] };
        const session = await identity.findSession(signed);
        if (session === null) throw new Error('not signed in');
        const change = { currentPassword: password, newPassword };
        await changePassword({ ...services, identity }, signed, session, change);
      }
      gate.resolve();
      expect(await outcome).toBe('unauthenticated');
      expect(await count('auth_sessions')).toBe(how === 'reset' ? 0 : 1);
      await signIn({ ...services, identity }, visit, { email, password: newPassword });
    },
  );
});
