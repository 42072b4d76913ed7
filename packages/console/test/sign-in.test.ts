// Coming in: the first administrator, sign-up, sign-in with all that can stand in its way, and the links that let one in.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  newPerson,
  post,
  setupTokenOf,
  signIn,
  browser as stranger,
} from '../../server/test/support/account.ts';
import { openMailbox } from '../../server/test/support/mailbox.ts';
import { startService } from '../../server/test/support/running-service.ts';
import { turnOn } from '../../server/test/support/second-factor.ts';
import { ada, installConsole, type Person, startInstallation } from './support/installation.ts';
import { expectNoAxeFinding, expectToFit, visit } from './support/visitor.ts';

const at = installConsole();

beforeAll(async () => {
  await at.admin.call('updateInstance', { body: { signup: 'open' } });
});

async function fillIn(page: Page, { email, password }: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function makeAccount(): Promise<Person> {
  const person = newPerson();
  const answer = await post(stranger(at.url), '/sign-up/email', person);
  expect(answer.status, answer.text).toBe(200);
  return person;
}

const keysOf = (page: Page) => page.getByRole('heading', { name: 'API Keys' });

/** In both themes, and on a small screen. */
async function expectGood(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectNoAxeFinding(page);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await expectToFit(page);
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('the first administrator comes by the set-up link, which works once', async () => {
  const service = await startService();
  const { page, go, expectFailure } = await visit(service.url);
  await go('/');
  await page.getByText('This server has no administrator yet').waitFor();
  await expectGood(page);
  const person = newPerson({ name: 'Grace' });
  const fill = async (password: string) => {
    await page.getByLabel('Your name').fill(person.name);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
  };

  await go('/setup#token=wrong');
  await page.reload();
  // Of several that are wrong the first has the focus.
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('alert').first().waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name'));
  await expect.poll(focused).toBe('name');
  await page.getByLabel('Your name').fill(person.name);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await expect.poll(focused).toBe('email');
  expectFailure(/^(403|400|422) POST \/api\/auth\/setup$/);
  await fill(person.password);
  await page.getByRole('alert').waitFor();
  await expectGood(page);

  // Another link in the same tab, as it is pasted over the first.
  await go(`/setup#token=${setupTokenOf(service)}`);
  await fill('password1');
  await page.getByText(/guessed first/).waitFor();
  expect(await page.getByLabel('E-mail').inputValue()).toBe(person.email);
  await fill(person.password);
  await keysOf(page).waitFor();

  await go(`/setup#token=${setupTokenOf(service)}`);
  await page.getByText('This is set up already').waitFor();
  await expectGood(page);
  // It still asks for things, and the server is about to stop.
  await page.close();
  await service.stop();
});

test('whoever signs up lands on the keys of a project', async () => {
  const { page, go, expectFailure } = await visit(at.url);
  await go('/sign-in');
  await page.getByRole('link', { name: 'Create an account' }).click();
  const person = newPerson({ name: 'Linus' });
  await page.getByLabel('Your name').fill(person.name);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('Must have at least 8 characters.').waitFor();
  await expectGood(page);
  expectFailure(/^(400|422) POST \/api\/auth\/sign-up/);
  await page.getByLabel('Password').fill('password1');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText(/guessed first/).waitFor();
  // An address that has an account gets no other answer than this, nor another password.
  expectFailure(/^401 POST \/api\/auth\/sign-in\/email$/);
  await page.getByLabel('E-mail').fill(ada.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText(/If this address has an account already/).waitFor();
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByRole('button', { name: 'Create account' }).click();
  await keysOf(page).waitFor();
});

test('signing in leads to where one wanted to go, and a wrong password says nothing of the account', async () => {
  const { page, go, expectFailure } = await visit(at.url);
  await go('/activity?project=x');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expectGood(page);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('Enter your e-mail address.').waitFor();
  await page.getByText('Enter your password.').waitFor();
  expectFailure(/^4(00|01|22) POST \/api\/auth\/sign-in\/email$/);
  await fillIn(page, { email: 'not an address', password: 'x' });
  await page.getByText('Must be an e-mail address.').waitFor();
  const said: (string | null)[] = [];
  for (const email of [ada.email, 'nobody@example.com']) {
    await fillIn(page, { email, password: 'not this one' });
    const answer = page.getByRole('alert').filter({ hasText: 'is wrong' });
    await answer.waitFor();
    said.push(await answer.textContent());
    expect(await page.getByLabel('Password').inputValue()).toBe('');
  }
  expect(said).toStrictEqual(Array(2).fill('The e-mail address or the password is wrong.'));
  await expectGood(page);
  await fillIn(page, ada);
  await page.waitForURL(/\/activity/);
});

test('a session that ends while a key is named is begun again, and the key is made', async () => {
  const person = await makeAccount();
  const { page, context, go, expectFailure } = await visit(at.url, { as: person });
  await go('/apikeys?dialog=create');
  const dialog = page.getByRole('dialog', { name: 'Create a key' });
  await dialog.getByLabel('Name').fill('Typed before the end');
  await context.clearCookies();
  expectFailure(/^401 /);
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const again = page.getByRole('dialog', { name: 'Your session has ended' });
  await again.getByLabel('Password').fill(person.password);
  await expectNoAxeFinding(page);
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alertdialog', { name: 'Typed before the end is ready' }).waitFor();
});

describe('with a second factor', () => {
  test('a code of the app or a backup code follows the password, here and where it is asked for anew', async () => {
    const person = await makeAccount();
    const { app, backupCodes } = await turnOn(await signIn(at.url, person));
    const { page, context, go, expectFailure } = await visit(at.url);
    await go('/sign-in?to=/account');
    await fillIn(page, person);
    await page.getByLabel('Code').waitFor();
    await expectGood(page);
    expectFailure(/^401 POST \/api\/auth\/sign-in\/second-factor$/);
    await page.getByLabel('Code').fill(app.wrong());
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText(/The code is wrong/).waitFor();
    await page.getByLabel('Code').fill(app.next());
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('10 backup codes are left.').waitFor();

    await context.clearCookies();
    await go('/sign-in?to=/account');
    await fillIn(page, person);
    await page.getByRole('button', { name: 'Use a backup code' }).click();
    await page.getByLabel('Backup code').fill(backupCodes[0] ?? '');
    await expectNoAxeFinding(page);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('9 backup codes are left.').waitFor();

    // The session ends: signing in again over the page takes both as well.
    await page.getByLabel('Your name').fill('Another name');
    await context.clearCookies();
    expectFailure(/^401 /);
    await page.getByRole('button', { name: 'Save the name' }).click();
    const again = page.getByRole('dialog', { name: 'Your session has ended' });
    await again.getByLabel('Password').fill(person.password);
    await again.getByRole('button', { name: 'Sign in', exact: true }).click();
    await again.getByRole('button', { name: 'Use a backup code' }).click();
    await again.getByLabel('Backup code').fill(backupCodes[1] ?? '');
    await again.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Your name is changed.').waitFor();
  });
});

describe('without the password', () => {
  test('a server that sends no e-mail says who can help, and an administrator makes a link that works once', async () => {
    const person = await makeAccount();
    const session = await signIn(at.url, person);
    const { page, go, expectFailure } = await visit(at.url);
    await go('/sign-in');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByText('keywright admin reset-password').waitFor();
    await expectGood(page);
    const { link } = await at.admin.call('createAccountLink', {
      params: { accountId: session.id },
      body: { purpose: 'reset_password' },
    });
    await go(link);
    await page.getByText(`For the account of ${person.email}.`, { exact: false }).waitFor();
    await expectGood(page);
    expectFailure(/^(400|422) POST \/api\/auth\/reset-password$/);
    await page.getByLabel('New password').fill('password1');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText(/guessed first/).waitFor();
    const password = 'another lamp by the sea';
    await page.getByLabel('New password').fill(password);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('Your password is changed').waitFor();
    await expectGood(page);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await fillIn(page, { email: person.email, password });
    await keysOf(page).waitFor();

    expectFailure(/^403 POST \/api\/auth\/check-link$/);
    await go(link);
    await page.getByText('This link no longer works').waitFor();
    await expectGood(page);
    await go('/reset-password');
    await page.getByText('The link is not whole').waitFor();
  });

  test('a link comes by e-mail, and whoever has no account is told the same', async () => {
    const mailbox = await openMailbox();
    const mailing = await startInstallation({
      env: {
        KEYWRIGHT_SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
        KEYWRIGHT_MAIL_FROM: 'keys@example.com',
      },
    });
    const { page, go } = await visit(mailing.url);
    const ask = async (email: string) => {
      await go('/forgot-password');
      await page.getByLabel('E-mail').fill(email);
      await page.getByRole('button', { name: 'Send the link' }).click();
      await page.getByText('Look into your mail').waitFor();
      return (await page.getByRole('main').textContent())?.replace(email, '');
    };
    await go('/forgot-password');
    await page.getByLabel('E-mail').waitFor();
    await expectGood(page);
    expect(await ask('nobody@example.com')).toBe(await ask(ada.email));
    await expectGood(page);
    const letter = await mailbox.letterTo(ada.email, /password/i);
    await go(/https?:\/\/\S+#token=[\w-]+/.exec(letter.text)?.[0] ?? '');
    const password = 'another lamp by the sea';
    await page.getByLabel('New password').fill(password);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await fillIn(page, { email: ada.email, password });
    await keysOf(page).waitFor();

    // Another address, confirmed by the letter that goes there.
    await go('/account');
    await page.getByLabel('New e-mail address').fill('countess@example.com');
    await page.getByRole('button', { name: 'Change the address' }).click();
    await page.getByText('A link went to countess@example.com.', { exact: false }).waitFor();
    await page.reload();
    await page.getByText('The address becomes countess@example.com once', { exact: false }).waitFor();
    await expectGood(page);
    const confirmation = await mailbox.letterTo('countess@example.com', /./);
    await go(/https?:\/\/\S+#token=[\w-]+/.exec(confirmation.text)?.[0] ?? '');
    await page.getByRole('heading', { name: 'Confirm your e-mail address' }).waitFor();
    await expectGood(page);
    await page.getByRole('button', { name: 'Confirm this address' }).click();
    await page.getByText('You sign in with countess@example.com from now on.').waitFor();
    await expectGood(page);
    await page.getByRole('link', { name: 'Go to your keys' }).click();
    await page.getByText('countess@example.com').waitFor();

    // What was asked for is remembered for longer than its link.
    await go('/account');
    await page.getByLabel('New e-mail address').fill('duchess@example.com');
    await page.getByRole('button', { name: 'Change the address' }).click();
    await page.getByText('A link went to duchess@example.com.', { exact: false }).waitFor();
    const database = new DatabaseSync(join(mailing.service.dataDir, 'keywright.db'), { timeout: 10_000 });
    database.exec('DELETE FROM account_links');
    database.close();
    await page.reload();
    await page.getByText('You asked for duchess@example.com, and the link', { exact: false }).waitFor();
    await expectGood(page);
    // It still asks for things, and the server is about to stop.
    await page.close();
    await mailing.service.stop();
    await mailbox.close();
  });
});

describe('an invitation', () => {
  const invite = async (email: string) => {
    const { link } = await at.admin.call('createInvitation', {
      params: { projectId: at.projectId },
      body: { email, role: 'member' },
    });
    return link;
  };

  test('makes an account for its address, a member of the project', async () => {
    const person = newPerson({ name: 'Margaret' });
    const link = await invite(person.email);
    const { page, go, expectFailure } = await visit(at.url);
    await go(link);
    await page.getByText(`You are invited as ${person.email}.`, { exact: false }).waitFor();
    await page.getByRole('heading', { name: 'Join ada’s project' }).waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe(person.email);
    await expectGood(page);
    await page.getByLabel('Your name').fill(person.name);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Join the project' }).click();
    await keysOf(page).waitFor();
    await page.getByText('ada’s project').waitFor();
    expectFailure(/^403 POST \/api\/auth\/check-link$/);
    await go(link);
    await page.getByText('This link no longer works').waitFor();
  });

  test('is accepted by who has an account, and by nobody else who is signed in', async () => {
    const person = await makeAccount();
    const { page, go } = await visit(at.url, { as: ada });
    await go(await invite(person.email));
    await page.getByText(`you are signed in as ${ada.email}`, { exact: false }).waitFor();
    await expectGood(page);
    await page.getByRole('button', { name: 'Sign out and go on' }).click();
    await page.getByText(`${person.email}, which has an account.`, { exact: false }).waitFor();
    await expectGood(page);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await keysOf(page).waitFor();
    await page.getByText('ada’s project').waitFor();
  });

  test('is accepted with one click by the account that it is for', async () => {
    const person = await makeAccount();
    const link = await invite(person.email);
    const { page, go } = await visit(at.url, { as: person });
    await go(link);
    await page.getByText(`You are signed in as ${person.email}.`, { exact: false }).waitFor();
    await expectGood(page);
    await page.getByRole('button', { name: 'Join the project' }).click();
    await page.getByText('ada’s project').waitFor();
  });
});
