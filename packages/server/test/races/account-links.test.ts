import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { changeEmail } from '../../src/accounts/change-email.ts';
import { confirmEmail } from '../../src/accounts/confirm-email.ts';
import { createAccountLink } from '../../src/accounts/create-account-link.ts';
import { eraseAccount } from '../../src/accounts/erase-account.ts';
import type { Session } from '../../src/accounts/identity.ts';
import { resetPasswordByLink } from '../../src/accounts/reset-password-by-link.ts';
import { signUp } from '../../src/accounts/sign-up.ts';
import { updateInstance } from '../../src/accounts/update-instance.ts';
import type { AccountCaller } from '../../src/domain/caller.ts';
import { newAddress, newPerson } from '../support/account.ts';
import { forEachEngine } from '../support/engines.ts';
import { hold } from '../support/hold.ts';
import { tokenOf } from '../support/membership.ts';
import { emailOf, insertMember, person } from '../support/people.ts';
import { admin, expectIntactLedger, startEngine, tally } from '../support/running-engine.ts';
import { servicesOn } from '../support/services.ts';
import { untilBlocked } from '../support/waiting.ts';

/* What can meet at one link. The racers are held at a gate, behind all that they look at before their change. */

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    const engine = await startEngine(await place.open());
    const services = servicesOn(engine);
    const { context } = engine;
    const add = (name: string, fields: Partial<AccountCaller> = {}) =>
      engine.storage.transaction((stores) => insertMember(stores, person(name, {}, fields)));
    const ann = await add('Ann');
    const link = async (who = ann, purpose: 'reset_password' | 'confirm_email' = 'reset_password') =>
      tokenOf((await createAccountLink(services, admin, { accountId: who.id, purpose })).link);
    const wish = async (who: AccountCaller, email: string) => {
      const now = Date.now();
      const account = { id: who.id, email: emailOf(who), name: who.name ?? '' };
      const session: Session = { id: 'ses', account, createdAt: now, expiresAt: now, authenticatedAt: now };
      const visit = {
        cookie: undefined,
        address: newAddress(),
        userAgent: undefined,
        isSecure: false,
        origin: 'http://localhost',
      };
      await changeEmail(services, { visit, session, email });
    };
    const reset = (token: string, password = `a boat behind ${randomBytes(6).toString('hex')}`) =>
      resetPasswordByLink(services, newAddress(), { token, password });
    const gate = () => hold(place, engine.storage, 'SELECT 1 FROM auth_users FOR UPDATE');
    const blocked = (count: number) => untilBlocked(place, place.engine === 'sqlite' ? 1 : count);
    const actions = async () => {
      const rows = await place.query<{ action: string }>(
        `SELECT action FROM ledger WHERE action <> 'account.link_created' ORDER BY seq`,
      );
      return rows.map(({ action }) => action);
    };
    return { place, engine, services, context, add, ann, link, wish, reset, gate, blocked, actions };
  }

  test('of several who use a link at once one chooses the password', async () => {
    const { engine, link, reset, gate, blocked, actions } = await start();
    const token = await link();
    const release = await gate();
    const outcome = tally(Array.from({ length: 4 }, () => reset(token)));
    await blocked(4);
    await release();
    expect(await outcome).toEqual({ succeeded: 1, forbidden: 3 });
    expect(await actions()).toEqual(['account.password_changed']);
    await expectIntactLedger(engine);
  });

  test('a newer link ends the use of the former one that is on its way', async () => {
    const { link, reset, gate, blocked, actions, services, ann } = await start();
    const token = await link();
    const release = await gate();
    const creating = createAccountLink(services, admin, { accountId: ann.id, purpose: 'reset_password' });
    await blocked(1);
    const outcome = tally([reset(token)]);
    await blocked(2);
    await release();
    // On PostgreSQL either may come first; the former link never works after the newer one.
    const [{ link: newer }, counts] = await Promise.all([creating, outcome]);
    if (counts.forbidden === 1) {
      expect(await actions()).toEqual([]);
      await reset(tokenOf(newer));
    } else await expect(reset(token)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('the link of an account that is erased meanwhile does nothing', async () => {
    const { place, engine, context, ann, link, reset, gate, blocked, actions } = await start();
    await engine.storage.transaction(async (stores) =>
      insertMember(stores, person('Root', {}, { isInstanceAdmin: true })),
    );
    const token = await link();
    const release = await gate();
    const erasing = eraseAccount(context, admin, ann.id);
    await blocked(1);
    const outcome = tally([reset(token)]);
    await blocked(2);
    await release();
    await Promise.all([erasing, outcome]);
    await expect(reset(token)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await place.query('SELECT * FROM account_links')).toEqual([]);
    expect((await actions()).at(-1)).toBe('account.erased');
    await expectIntactLedger(engine);
  });

  test('of several who confirm one address at once, and one who signs up with it, one gets it', async () => {
    const { place, engine, services, context, add, ann, link, wish, actions } = await start();
    await add('Root', { isInstanceAdmin: true });
    await updateInstance(context, admin, { signup: 'open' });
    const { email } = newPerson();
    const people = [ann, await add('Bob'), await add('Cid')];
    const tokens: string[] = [];
    for (const who of people) {
      await wish(who, email);
      tokens.push(await link(who, 'confirm_email'));
    }
    const release = await hold(place, engine.storage, 'SELECT 1 FROM instance FOR UPDATE');
    const confirming = tokens.map((token) => confirmEmail(services, newAddress(), token));
    const signing = signUp(services, newAddress(), newPerson({ email })).then(
      () => 'done',
      () => 'refused',
    );
    const outcome = tally(confirming);
    await untilBlocked(place, place.engine === 'sqlite' ? 1 : 3);
    await release();
    const counts = await outcome;
    // Signing up tells nobody that the address is taken.
    expect(await signing).toBe('done');
    const owners = await place.query<{ name: string }>(
      `SELECT name FROM auth_users WHERE email = '${email}'`,
    );
    expect(owners).toHaveLength(1);
    const changed = (await actions()).filter((action) => action === 'account.email_changed');
    expect(changed).toHaveLength(counts.succeeded ?? 0);
    expect((counts.succeeded ?? 0) + (counts.forbidden ?? 0)).toBe(3);
    expect(counts.succeeded ?? 0).toBe(/^(Ann|Bob|Cid)$/.test(owners[0]?.name ?? '') ? 1 : 0);
    await expectIntactLedger(engine);
  });
});
