import { expect, onTestFinished, test } from 'vitest';
import { LinkUpkeep } from '../../src/accounts/link-upkeep.ts';
import { settingsOf } from '../process/support/program.ts';
import { browser, newPerson, post, setupTokenOf, signIn } from '../support/account.ts';
import { readProblem } from '../support/client.ts';
import { forEachEngine } from '../support/engines.ts';
import { openMailbox, slowRecipient } from '../support/mailbox.ts';
import { tokenOf } from '../support/membership.ts';
import { startService } from '../support/running-service.ts';

const password = 'a boat behind the moon';

forEachEngine((createPlace) => {
  async function start() {
    const place = await createPlace();
    const mailbox = await openMailbox();
    onTestFinished(() => mailbox.close());
    const mail = {
      KEYWRIGHT_SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
      KEYWRIGHT_MAIL_FROM: 'keys@acme.example',
      KEYWRIGHT_PUBLIC_URL: undefined,
    };
    const service = await startService({ env: { ...settingsOf(place), ...mail } });
    const person = newPerson();
    const token = setupTokenOf(service);
    expect((await post(browser(service.url), '/setup', { ...person, token })).status).toBe(200);
    const root = await signIn(service.url, person);
    const page = () => browser(service.url);
    const forget = async () => {
      await post(page(), '/forgot-password', { email: root.email });
      const letter = await mailbox.letterTo(root.email, /Choose a new/);
      mailbox.letters.length = 0;
      return tokenOf(/https?:\S+/.exec(letter.text)?.[0] ?? '');
    };
    const lifetimes = async () => {
      const rows = await place.query<{ purpose: string; ms: number | string }>(
        'SELECT purpose, expires_at - created_at AS ms FROM account_links ORDER BY purpose',
      );
      return rows.map(({ purpose, ms }) => [purpose, Number(ms) / 3_600_000]);
    };
    return { place, mailbox, mail, service, root, page, forget, lifetimes };
  }

  test('a link of one’s own lives an hour, and an administrator’s a day', async () => {
    const { place, root, page, forget, lifetimes } = await start();
    const token = await forget();
    expect(await lifetimes()).toEqual([['reset_password', 1]]);
    await place.query(`UPDATE account_links SET expires_at = ${Date.now() + 30_000}`);
    const check = () => post(page(), '/check-link', { token, purpose: 'reset_password' });
    expect((await check()).status).toBe(200);
    await place.query(`UPDATE account_links SET expires_at = ${Date.now()}`);
    for (const refused of [await check(), await post(page(), '/reset-password', { token, password })])
      expect(readProblem(refused)).toMatchObject({ status: 403, detail: /expired/ });
    await post(root, '/change-email', { email: newPerson().email });
    await root.call('createAccountLink', {
      params: { accountId: root.id },
      body: { purpose: 'reset_password' },
    });
    expect(await lifetimes()).toEqual([
      ['confirm_email', 24],
      ['reset_password', 24],
    ]);
    await signIn(root.url, root);
  });

  test('what has expired, and wishes that nobody fulfilled in a week, are deleted', async () => {
    const { place, service, root, forget } = await start();
    await forget();
    await post(root, '/change-email', { email: newPerson().email });
    const count = async (table: string) => (await place.query(`SELECT account_id FROM ${table}`)).length;
    expect([await count('account_links'), await count('pending_emails')]).toEqual([2, 1]);
    await service.stop();
    await place.query(`UPDATE account_links SET expires_at = ${Date.now()} WHERE purpose = 'reset_password'`);
    await place.query(`UPDATE pending_emails SET created_at = created_at - ${8 * 86_400_000}`);
    // A service begins with that ten minutes after its start.
    const { transaction } = await place.open();
    const clock = { now: Date.now, isSettled: () => true };
    await new LinkUpkeep({ transaction, clock, log: { warn() {} } }).run();
    expect([await count('account_links'), await count('pending_emails')]).toEqual([1, 0]);
  }, 90_000);

  test('of a token only the hash is kept, and no answer waits for what tells of the account', async () => {
    const { place, service, root, page, forget } = await start();
    const token = await forget();
    let seen = '';
    for (const table of ['account_links', 'pending_emails', 'auth_verifications', 'ledger', 'ledger_private'])
      for (const row of await place.query<Record<string, unknown>>(`SELECT * FROM ${table}`))
        for (const value of Object.values(row))
          seen += Buffer.isBuffer(value) ? value.toString('latin1') : String(value);
    expect(seen).toContain(root.id);
    expect(seen + service.logs()).not.toContain(token);

    // Nothing of accounts can be read: neither answer could tell of one.
    await place.query('ALTER TABLE auth_users RENAME TO elsewhere');
    for (const email of [root.email, newPerson().email]) {
      const answer = await post(page(), '/forgot-password', { email });
      expect([answer.status, answer.text]).toEqual([200, '{}']);
    }
    await place.query('ALTER TABLE elsewhere RENAME TO auth_users');
    expect((await post(page(), '/reset-password', { token, password })).status).toBe(200);
  });

  test('a server for e-mail that is slow or down loses no change', async () => {
    const { mailbox, root, page } = await start();
    const [own] = (await root.call('listProjects')).items;
    const params = { projectId: own?.id ?? '' };
    const invite = (email: string) =>
      root.call('createInvitation', { params, body: { email, role: 'member' } });
    const slow = newPerson({ email: `${slowRecipient}${newPerson().email}` });
    const begunAt = performance.now();
    expect(await invite(slow.email)).toMatchObject({ sentTo: null });
    expect(performance.now() - begunAt).toBeLessThan(14_000);
    await mailbox.close();
    const down = newPerson();
    const { sentTo, link } = await invite(down.email);
    expect(sentTo).toBeNull();
    expect((await root.call('listInvitations', { params })).items).toHaveLength(2);
    const told = await post(page(), '/check-link', { token: tokenOf(link), purpose: 'invitation' });
    expect(told.json).toMatchObject({ email: down.email });
    const moved = await post(root, '/change-email', { email: newPerson().email });
    expect(moved.json).toEqual({ sent: false });
    const made = await root.call('createAccountLink', {
      params: { accountId: root.id },
      body: { purpose: 'reset_password' },
    });
    expect(made.sentTo).toBeNull();
    const token = tokenOf(made.link);
    expect((await post(page(), '/reset-password', { token, password })).status).toBe(200);
  }, 60_000);

  test('an account that invites without end is not heard by e-mail any more, and its links still are', async () => {
    const { mailbox, service, root } = await start();
    const invited = newPerson();
    const [own] = (await root.call('listProjects')).items;
    const body = { email: invited.email, role: 'owner' as const };
    const { link } = await root.call('createInvitation', { params: { projectId: own?.id ?? '' }, body });
    await post(browser(service.url), '/sign-up/email', { ...invited, invitationToken: tokenOf(link) });
    const who = await signIn(service.url, invited);
    const params = { projectId: own?.id ?? '' };
    const sent: boolean[] = [];
    for (let i = 0; i < 52; i++) {
      const guest = { email: newPerson().email, role: 'member' as const };
      const answer = await who.call('createInvitation', { params, body: guest });
      sent.push(answer.sentTo !== null);
      tokenOf(answer.link);
    }
    expect(sent).toEqual([...Array(50).fill(true), false, false]);
    expect(mailbox.letters).toHaveLength(51);
  }, 60_000);
});
