import { randomBytes } from 'node:crypto';
import type { LinkPurpose } from '@keywright/contract';
import { afterAll, expect, test } from 'vitest';
import {
  type AccountClient,
  administrator,
  browser,
  newPerson,
  post,
  signIn,
  signUp,
} from '../support/account.ts';
import { readProblem } from '../support/client.ts';
import { onBothEngines } from '../support/installation.ts';
import { type Letter, openMailbox, refusedRecipient } from '../support/mailbox.ts';
import { join, tokenOf } from '../support/membership.ts';
import { expectNoTrace } from './refusals.ts';

/*
 * What goes by e-mail, to a server that speaks SMTP, and what each link does.
 */

const mailbox = await openMailbox();
afterAll(() => mailbox.close());

const settings = {
  KEYWRIGHT_SMTP_URL: `smtp://sender:right@127.0.0.1:${mailbox.port}`,
  KEYWRIGHT_MAIL_FROM: 'Keywright <keys@acme.example>',
  KEYWRIGHT_PUBLIC_URL: undefined,
};

const newPassword = 'a boat behind the moon';

function linkIn({ text, html }: Letter): string {
  const link = /^https?:\/\/\S+$/m.exec(text)?.[0] ?? '';
  expect(html).toContain(`href="${link}"`);
  return link;
}

onBothEngines(
  (at) => {
    const address = (start = 'person') => `${start}-${randomBytes(6).toString('hex')}@example.com`;
    const forgot = (email: string) => post(browser(at.url), '/forgot-password', { email });
    const reset = (token: string, password = newPassword) =>
      post(browser(at.url), '/reset-password', { token, password });
    const check = (token: string, purpose: string) =>
      post(browser(at.url), '/check-link', { token, purpose });
    const confirm = (token: string) => post(browser(at.url), '/confirm-email', { token });
    const makeLink = async (who: AccountClient, purpose: LinkPurpose = 'reset_password') =>
      (await administrator(at)).call('createAccountLink', {
        params: { accountId: who.id },
        body: { purpose },
      });
    const forgetful = async () => {
      const ann = await signUp(at);
      expect((await forgot(ann.email)).status).toBe(200);
      const letter = await mailbox.letterTo(ann.email, /Choose a new password/);
      return { ann, letter, token: tokenOf(linkIn(letter)) };
    };
    const mover = async (to = address('new')) => {
      const ann = await signUp(at);
      const answer = await post(ann, '/change-email', { email: to });
      expect(answer.json).toEqual({ sent: true });
      const letter = await mailbox.letterTo(to, /Confirm/);
      return { ann, to, letter, token: tokenOf(linkIn(letter)) };
    };

    test('everybody is told that e-mail can be sent', async () => {
      const { json } = await browser(at.url).request('GET', '/api/auth/instance');
      expect(json).toMatchObject({ canSendMail: true });
    });

    test('an invitation goes to whom it is for, and the link is answered too', async () => {
      const owner = await signUp(at, { name: 'Olga Owner' });
      const project = await at.createProject({ name: 'Weather' });
      await join(at, owner, project.id, 'owner');
      const email = address('guest');
      const params = { projectId: project.id };
      const answer = await owner.call('createInvitation', { params, body: { email, role: 'member' } });
      expect(answer.sentTo).toBe(email);
      const letter = await mailbox.letterTo(email, /^Invitation to “Weather” on Keywright$/);
      expect(linkIn(letter)).toBe(answer.link);
      expect(letter).toMatchObject({ from: 'keys@acme.example', to: [email], user: 'sender' });
      expect(letter.text).toContain('“Olga Owner” invites you to the project “Weather”');
      expect(letter.headers).toContainEqual(['from', 'Keywright <keys@acme.example>']);
      expect(letter.headers).toContainEqual(['to', email]);
      expect(letter.headers).toContainEqual(['auto-submitted', 'auto-generated']);

      const token = tokenOf(answer.link);
      const told = { email, projectName: 'Weather', hasAccount: false };
      expect((await check(token, 'invitation')).json).toEqual(told);
      const guest = await signUp(at, { email });
      expect((await check(token, 'invitation')).json).toEqual({ ...told, hasAccount: true });
      await guest.call('acceptInvitation', { body: { token } });
      expect(readProblem(await check(token, 'invitation'))).toMatchObject({ status: 403 });
    });

    test('an invitation whose recipient the server refuses is made, and its link passed on', async () => {
      const { id: projectId } = await at.createProject();
      const email = address(refusedRecipient);
      const answer = await at.admin.call('createInvitation', {
        params: { projectId },
        body: { email, role: 'member' },
      });
      expect(answer.sentTo).toBeNull();
      const guest = await signUp(at, { email });
      await guest.call('acceptInvitation', { body: { token: tokenOf(answer.link) } });
      // The server said to whom it would not send.
      const lines = at.service.logs().split('\n');
      expect(lines.filter((line) => line.includes('a letter could not be sent'))).not.toEqual([]);
      expect(at.service.logs()).not.toContain(email);
    });

    test('names do not get out of the place that they have in a letter', async () => {
      const inviter = await signUp(at, {
        name: '<b>Bcc</b>: eve@evil.example, "x" <e@evil.example>',
      });
      const project = await at.createProject({
        name: 'Win http://evil.example?a=1&b=<script> now, Bcc: eve@evil.example 🗝️ é',
      });
      await join(at, inviter, project.id, 'owner');
      for (const name of ['a\r\nBcc: eve@evil.example', 'a\nb', 'a\u2028b', 'a\u0000b'])
        expect((await at.admin.send('createProject', { body: { name } })).status, name).toBe(400);
      const email = address('guest');
      const body = { email, role: 'member' as const };
      await inviter.call('createInvitation', { params: { projectId: project.id }, body });
      const letter = await mailbox.letterTo(email, /^Invitation/);
      expect(letter.to).toEqual([email]);
      const names = letter.headers.map(([name]) => name);
      expect(names).not.toContain('bcc');
      expect(names.filter((name) => ['to', 'from', 'subject'].includes(name)).sort()).toEqual([
        'from',
        'subject',
        'to',
      ]);
      expect(letter.subject).toContain('Win http: //evil. example');
      expect(letter.html).not.toMatch(/<b>|<script>/);
      expect(letter.html).toContain('&#60;b&#62;Bcc');
      for (const content of [letter.text, letter.html]) {
        expect(content).not.toContain('evil.example');
        expect(content.match(/https?:\/\//g)).toHaveLength(1);
      }
      expect(mailbox.letters.filter(({ to }) => to.some((each) => /evil/.test(each)))).toEqual([]);
    });

    test('an address that could be taken for several, or for a header, is refused', async () => {
      const { id: projectId } = await at.createProject();
      const ann = await signUp(at);
      const before = mailbox.letters.length;
      for (const email of [
        'a@example.com, eve@evil.example',
        'a@example.com\r\nBcc: eve@evil.example',
        'a@example.com\nRCPT TO:<eve@evil.example>',
        '"a@evil.example, b"@example.com',
        '<a@example.com>',
        'Ann <a@example.com>',
        'a@example.com;b@example.com',
        'a b@example.com',
        'a@example.com\u0000',
        'a@[127.0.0.1]',
      ]) {
        const body = { email, role: 'member' };
        expect((await at.admin.send('createInvitation', { params: { projectId }, body })).status, email).toBe(
          400,
        );
        expect((await forgot(email)).status, email).toBe(400);
        expect((await post(ann, '/change-email', { email })).status, email).toBe(400);
      }
      expect(mailbox.letters.slice(before).filter(({ raw }) => raw.includes('evil'))).toEqual([]);
    });

    test('who forgot the password chooses another by a link, once, and all sessions end', async () => {
      const { ann, letter, token } = await forgetful();
      expect(linkIn(letter)).toMatch(new RegExp(`^${at.url}/reset-password#token=[\\w-]{43}$`));
      expect((await check(token, 'reset_password')).json).toEqual({
        email: ann.email,
        projectName: null,
        hasAccount: null,
      });
      for (const weak of ['short', 'password1', `${ann.email}!`])
        expect(readProblem(await reset(token, weak))).toMatchObject({
          status: 400,
          errors: [{ path: 'password' }],
        });
      const before = await at.ledgerHead();
      const answer = await reset(token);
      expect(answer).toMatchObject({ status: 200, json: {} });
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(await at.ledgerSince(before)).toMatchObject([
        {
          action: 'account.password_changed',
          actor: { type: 'account', id: ann.id },
          subject: { type: 'account', id: ann.id, name: ann.name },
          detail: {},
        },
      ]);
      expect(await ann.refuse('getMe')).toMatchObject({ status: 401 });
      const { email, password } = ann;
      expect((await post(browser(at.url), '/sign-in/email', { email, password })).status).toBe(401);
      await signIn(at.url, { email, password: newPassword });
      const notice = await mailbox.letterTo(email, /password for Keywright was changed/);
      expect(notice.text).not.toMatch(/https?:/);

      for (const again of [await reset(token), await check(token, 'reset_password')])
        expect(readProblem(again)).toMatchObject({
          status: 403,
          code: 'forbidden',
          detail: /Ask for a new one/,
        });
    });

    test('a new link takes the place of the former one, and a changed password of all', async () => {
      const { ann, token } = await forgetful();
      const { link } = await makeLink(ann);
      expect((await reset(token)).status).toBe(403);
      const body = { currentPassword: ann.password, newPassword };
      expect((await post(ann, '/change-password', body)).status).toBe(200);
      expect((await reset(tokenOf(link))).status).toBe(403);
      await mailbox.letterTo(ann.email, /was changed/);
    });

    test('what is answered to who forgot tells nothing of the account', async () => {
      const ann = await signUp(at);
      const stranger = address('nobody');
      const [known, unknown] = [await forgot(ann.email), await forgot(stranger)];
      expect(known.text).toBe('{}');
      expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
      const names = (headers: Headers) => [...headers.keys()].sort();
      expect(names(known.headers)).toEqual(names(unknown.headers));
      await mailbox.letterTo(ann.email, /Choose a new password/);
      expect(mailbox.lettersTo(stranger)).toEqual([]);
    });

    test('letters to one address are slowed down, whether it has an account or not, and so is one network', async () => {
      const ann = await signUp(at);
      for (const email of [ann.email, address('nobody')]) {
        const statuses = [];
        for (let i = 0; i < 7; i++) statuses.push((await forgot(email)).status);
        expect(statuses).toEqual([...Array(5).fill(200), 429, 429]);
      }
      // Signing in is another matter.
      await signIn(at.url, ann);
      const page = browser(at.url);
      const statuses = [];
      for (let i = 0; i < 31; i++)
        statuses.push((await post(page, '/forgot-password', { email: address('nobody') })).status);
      expect(statuses).toEqual([...Array(30).fill(200), 429]);
    });

    test('the tokens of links are counted by network', async () => {
      const page = browser(at.url);
      const statuses = [];
      for (let i = 0; i < 32; i++) {
        const token = randomBytes(32).toString('base64url');
        const path = i % 2 === 0 ? '/check-link' : '/confirm-email';
        const body = i % 2 === 0 ? { token, purpose: 'reset_password' } : { token };
        statuses.push((await post(page, path, body)).status);
      }
      expect(statuses).toEqual([...Array(30).fill(403), 429, 429]);
    });

    test('an address changes when the link that went there is opened, signed in or not', async () => {
      const { ann, to, letter, token } = await mover();
      expect(linkIn(letter)).toMatch(new RegExp(`^${at.url}/confirm-email#token=`));
      const find = async () =>
        (await at.admin.call('listAccounts', { query: { search: ann.name } })).items.find(
          ({ id }) => id === ann.id,
        );
      expect(await find()).toMatchObject({ email: ann.email, pendingEmail: to });
      expect((await check(token, 'confirm_email')).json).toMatchObject({ email: to });
      expect((await check(token, 'reset_password')).status).toBe(403);
      expect((await reset(token)).status).toBe(403);
      const before = await at.ledgerHead();
      expect((await confirm(token)).json).toEqual({ email: to });
      expect(await at.ledgerSince(before)).toMatchObject([
        {
          action: 'account.email_changed',
          actor: { type: 'account', id: ann.id },
          subject: { type: 'account', id: ann.id },
          detail: { email: { before: ann.email, after: to } },
        },
      ]);
      expect(await ann.call('getMe')).toMatchObject({ email: to });
      expect(await find()).toMatchObject({ email: to, pendingEmail: null });
      await signIn(at.url, { email: to, password: ann.password });
      const { email, password } = ann;
      expect((await post(browser(at.url), '/sign-in/email', { email, password })).status).toBe(401);
      const notice = await mailbox.letterTo(ann.email, /e-mail address for Keywright was changed/);
      expect(notice.raw).not.toContain(to);
      expect(readProblem(await confirm(token))).toMatchObject({ status: 403, detail: /once more/ });
    });

    test('in the chain of the ledger no address stands', async () => {
      const { ann, to, token } = await mover();
      await confirm(token);
      const { text } = await at.admin.request('GET', '/v1/ledger', {
        headers: { Accept: 'application/x-ndjson' },
      });
      const rows = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { action: string; body: string; private: { json: string } });
      const changed = rows.filter((row) => row.private?.json.includes(to));
      expect(changed.map(({ action }) => action)).toEqual(['account.email_changed']);
      for (const { body } of rows) for (const each of [to, ann.email]) expect(body).not.toContain(each);
    });

    test('an address that somebody has is answered alike, stays, and its owner is told', async () => {
      const [ann, bob] = [await signUp(at), await signUp(at)];
      const answer = await post(ann, '/change-email', { email: bob.email });
      expect([answer.status, answer.text]).toEqual([200, '{"sent":true}']);
      const letter = await mailbox.letterTo(bob.email, /^Your e-mail address on Keywright$/);
      expect(letter.text).not.toMatch(/https?:/);
      expect(letter.raw).not.toContain(ann.email);
      // What a person can see of itself is the same too.
      const mine = await ann.call('exportAccount', { params: { accountId: ann.id } });
      expect(mine.account.pendingEmail).toBe(bob.email);
      expect(mine.links).toMatchObject([{ purpose: 'confirm_email', email: bob.email }]);
      const admin = await administrator(at);
      const refused = await admin.refuse('createAccountLink', {
        params: { accountId: ann.id },
        body: { purpose: 'confirm_email' },
      });
      expect(refused).toMatchObject({
        status: 400,
        errors: [{ path: 'purpose', message: /another account/ }],
      });
      await bob.call('getMe');
    });

    test('an address that somebody took in the meantime is not given away', async () => {
      const { ann, to, token } = await mover();
      await signUp(at, { email: to });
      await expectNoTrace(at, async () => {
        expect((await confirm(token)).status).toBe(403);
      });
      expect(await ann.call('getMe')).toMatchObject({ email: ann.email });
    });

    test('a link for a new password that went to the former address is dead with it', async () => {
      const { ann, token } = await forgetful();
      const to = address('new');
      await post(ann, '/change-email', { email: to });
      await confirm(tokenOf(linkIn(await mailbox.letterTo(to, /Confirm/))));
      expect((await reset(token)).status).toBe(403);
    });

    test('a changed password ends a change of address that somebody else began', async () => {
      const { ann, token } = await mover();
      const { link } = await makeLink(ann);
      expect((await reset(tokenOf(link))).status).toBe(200);
      expect((await confirm(token)).status).toBe(403);
    });

    test('one’s own address, and a page of another site, are refused', async () => {
      const ann = await signUp(at);
      const own = await post(ann, '/change-email', { email: ann.email.toUpperCase() });
      expect(readProblem(own)).toMatchObject({ status: 400, errors: [{ path: 'email' }] });
      expect((await post(browser(at.url), '/change-email', { email: address() })).status).toBe(401);
      const evil = browser(at.url, { Origin: 'https://evil.example' });
      for (const path of [
        '/forgot-password',
        '/reset-password',
        '/check-link',
        '/change-email',
        '/confirm-email',
      ])
        expect(readProblem(await post(evil, path, {})), path).toMatchObject({ status: 403 });
    });

    test('administrators make links, which go by e-mail and are answered', async () => {
      const ann = await signUp(at);
      const made = await makeLink(ann);
      expect(made.sentTo).toBe(ann.email);
      expect(Math.round((Date.parse(made.expiresAt) - Date.now()) / 3_600_000)).toBe(24);
      const letter = await mailbox.letterTo(ann.email, /Choose a new password/);
      expect(linkIn(letter)).toBe(made.link);
      const admin = await administrator(at);
      const params = { accountId: ann.id };
      expect(
        await admin.refuse('createAccountLink', { params, body: { purpose: 'confirm_email' } }),
      ).toMatchObject({ status: 400, errors: [{ path: 'purpose', message: /no other address/ }] });
      expect(
        await admin.refuse('createAccountLink', { params, body: { purpose: 'invitation' } }),
      ).toMatchObject({ status: 400 });
      expect(
        await ann.refuse('createAccountLink', { params, body: { purpose: 'reset_password' } }),
      ).toMatchObject({ status: 403 });
      expect((await reset(tokenOf(made.link))).status).toBe(200);
    });

    test('a link is made once however often it is asked for with one Idempotency-Key', async () => {
      const ann = await signUp(at);
      const options = {
        params: { accountId: ann.id },
        body: { purpose: 'reset_password' },
        headers: { 'Idempotency-Key': randomBytes(8).toString('hex') },
      } as const;
      const first = await at.admin.call('createAccountLink', options);
      expect(await at.admin.refuse('createAccountLink', options)).toMatchObject({
        code: 'idempotency_replayed',
        accountId: ann.id,
      });
      await mailbox.letterTo(ann.email, /Choose a new password/);
      expect((await reset(tokenOf(first.link))).status).toBe(200);
    });

    test('an export tells of the links that are out, without what opens them', async () => {
      const { ann, to, token } = await mover();
      const answer = await ann.request('GET', `/v1/accounts/${ann.id}/export`);
      expect(answer.json).toMatchObject({
        account: { pendingEmail: to },
        links: [{ purpose: 'confirm_email', email: to }],
      });
      expect(answer.text).not.toContain(token);
    });

    test('no token and no letter’s address is in the log', async () => {
      const { ann, token } = await forgetful();
      const moved = await mover();
      const person = newPerson();
      await forgot(person.email);
      const logs = at.service.logs();
      for (const secret of [token, moved.token, ann.email, moved.to, person.email, 'right@'])
        expect(logs).not.toContain(secret);
    });
  },
  { env: settings },
);
