// One's own account: name, address, password, second factor, passkeys and sessions.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import type { Download, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { newPerson, post, signIn, browser as stranger } from '../../server/test/support/account.ts';
import { AuthenticatorApp } from '../../server/test/support/totp.ts';
import { installConsole, type Person } from './support/installation.ts';
import { addPerson } from './support/people.ts';
import { expectNoAxeFinding, expectToFit, type VisitOptions, visit } from './support/visitor.ts';

const at = installConsole();
const patience = { timeout: 15_000 };

beforeAll(async () => {
  await at.admin.call('updateInstance', { body: { signup: 'open' } });
});

/** Somebody new, who looks at the own account. */
async function openAccount(options: VisitOptions & { url?: string } = {}) {
  const person: Person = newPerson();
  const answer = await post(stranger(at.url), '/sign-up/email', person);
  expect(answer.status, answer.text).toBe(200);
  const visitor = await visit(options.url ?? at.url, { as: person, ...options });
  await visitor.go('/account');
  await visitor.page.getByText('This one').waitFor();
  return { ...visitor, person };
}

/** The browser may run elsewhere: what it saved comes as a stream. */
async function readFile(download: Download): Promise<string> {
  return text(await download.createReadStream());
}

/** As if everybody had signed in long ago. */
function ageSessions(): void {
  const database = new DatabaseSync(join(at.service.dataDir, 'keywright.db'), { timeout: 10_000 });
  database.exec(`UPDATE auth_sessions SET authenticated_at = ${Date.now() - 60 * 60_000}`);
  database.close();
}

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

test('the name is changed, and an address waits for an administrator where no e-mail is sent', async () => {
  const { page, expectFailure } = await openAccount();
  await expectGood(page);
  await page.getByLabel('Your name').fill('  ');
  await page.getByRole('button', { name: 'Save the name' }).click();
  await page.getByText('Must not be empty.').waitFor();
  await page.getByLabel('Your name').fill('Ada of Lovelace');
  await page.getByRole('button', { name: 'Save the name' }).click();
  await page.getByText('Your name is changed.').waitFor();
  await page.getByRole('button', { name: /Ada of Lovelace/ }).waitFor();

  // What is not saved is not lost either.
  await page.route('**/api/auth/update-profile', (route) => route.abort('connectionreset'));
  expectFailure(/^failed: POST/);
  await page.getByLabel('Your name').fill('Countess');
  await page.getByRole('button', { name: 'Save the name' }).click();
  await page.getByText('Your name was not changed.').waitFor();
  expect(await page.getByLabel('Your name').inputValue()).toBe('Countess');

  await page.getByLabel('New e-mail address').fill('countess@example.org');
  await page.getByRole('button', { name: 'Change the address' }).click();
  const waiting = page.getByText(/This server sends no e-mail\. Ask an administrator/);
  await waiting.waitFor();
  await expectGood(page);
  await page.reload();
  await waiting.waitFor();
  await page.getByRole('button', { name: 'Keep the present address' }).click();
  await page.getByText('Your address stays as it is.').waitFor();
  await waiting.waitFor({ state: 'detached' });
  expect(
    await page.getByLabel('New e-mail address').evaluate((input) => input === document.activeElement),
  ).toBe(true);
});

test('another password ends the other sessions', async () => {
  const { page, person, expectFailure } = await openAccount();
  const elsewhere = await signIn(at.url, person);
  await page.getByLabel('Current password').fill('not this one');
  await page.getByLabel('New password').fill('another lamp by the sea');
  expectFailure(/^(400|422) POST \/api\/auth\/change-password$/);
  const save = page.getByRole('button', { name: 'Change the password' });
  await save.click();
  await page.getByText('Is not your password.').waitFor();
  await page.getByLabel('Current password').fill(person.password);
  await page.getByLabel('New password').fill('password1');
  await save.click();
  await page.getByText(/^Is one of the passwords that are guessed first/).waitFor();
  await expectGood(page);
  await page.getByLabel('New password').fill('another lamp by the sea');
  await save.click();
  await page.getByText('Your password is changed. Your other sessions have ended.').waitFor();
  expect((await elsewhere.request('GET', '/api/auth/security')).status).toBe(401);
  await page.reload();
  await page.getByText('This one').waitFor();
  await signIn(at.url, { ...person, password: 'another lamp by the sea' });
});

describe('the second factor', () => {
  test('is turned on with an app, gives backup codes that are not lost by accident, and is turned off', async () => {
    const { page, person, clipboard, expectFailure } = await openAccount();
    await page.getByRole('button', { name: 'Turn on the second factor' }).click();
    const secret = page.getByTestId('two-factor-secret');
    await secret.waitFor();
    await page.getByRole('img', { name: /Picture for your authenticator app/ }).waitFor();
    await expectGood(page);
    await page.getByRole('button', { name: 'Copy what is typed into the app' }).click();
    await expect.poll(clipboard, patience).toBe(await secret.textContent());
    const app = new AuthenticatorApp(await clipboard());
    const code = page.getByLabel('Code');
    expect(await code.getAttribute('autocomplete')).toBe('one-time-code');
    expect(await code.getAttribute('inputmode')).toBe('numeric');
    expectFailure(/^(400|422) POST \/api\/auth\/two-factor\/enable$/);
    await code.fill(app.wrong());
    await page.getByRole('button', { name: 'Turn on', exact: true }).click();
    await page.getByText(/The code is not what the app shows now/).waitFor();
    await code.fill(app.next());
    await page.getByRole('button', { name: 'Turn on', exact: true }).click();

    const shown = page.getByRole('alertdialog', { name: 'The second factor is on' });
    await shown.getByRole('listitem').nth(9).waitFor();
    const codes = await shown.getByRole('listitem').allTextContents();
    expect(codes).toHaveLength(10);
    await expectGood(page);
    for (const leave of [() => page.keyboard.press('Escape'), () => page.evaluate(() => history.back())]) {
      await leave();
      await shown.getByText('You have not saved them yet').waitFor();
      await expectNoAxeFinding(page);
      await shown.getByRole('button', { name: 'Go back and copy it' }).click();
    }
    const file = page.waitForEvent('download');
    await shown.getByRole('button', { name: 'Download as text' }).click();
    expect((await readFile(await file)).trim().split('\n')).toStrictEqual(codes);
    await shown.getByRole('button', { name: 'Copy', exact: true }).click();
    await shown.getByText('Copied: they are on your clipboard.').waitFor();
    await shown.getByRole('button', { name: 'Done' }).click();
    await page.getByText('10 backup codes are left.').waitFor();
    await expect.poll(() => page.content(), patience).not.toContain(codes[0]);
    await expectGood(page);

    // It is there at the next sign-in.
    await page.getByRole('button', { name: new RegExp(person.email) }).click();
    // By the keyboard: the menu may still move to where the button is after the window was made wide again.
    await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    // Going back shows nothing of what was there.
    await page.goBack();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.goto('/sign-in');
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('Code').fill(app.next());
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'API Keys' }).waitFor();

    await page.goto('/account?dialog=backup-codes');
    await page.getByRole('button', { name: 'Make new codes' }).click();
    const fresh = page.getByRole('alertdialog', { name: 'Backup codes' });
    await fresh.getByRole('listitem').nth(9).waitFor();
    const renewed = await fresh.getByRole('listitem').allTextContents();
    expect(renewed).toHaveLength(10);
    expect(renewed).not.toContain(codes[0]);
    await fresh.getByRole('button', { name: 'Done' }).click();
    await fresh.getByRole('button', { name: 'I have saved it' }).click();
    await fresh.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Turn off' }).click();
    const asked = page.getByRole('alertdialog', { name: 'Turn off the second factor?' });
    await expectGood(page);
    await asked.getByRole('button', { name: 'Turn off' }).click();
    await page.getByText('The second factor is off.').waitFor();
    await page.getByRole('button', { name: 'Turn on the second factor' }).waitFor();
  });

  test('is proved anew with the password where a session alone is not enough', async () => {
    const { page, person, expectFailure } = await openAccount();
    ageSessions();
    expectFailure(/^401 POST|^(400|422) POST \/api\/auth\/reauthenticate/);
    await page.getByRole('button', { name: 'Turn on the second factor' }).click();
    const gate = page.getByRole('dialog', { name: 'Is it you?' });
    await gate.getByLabel('Password').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText(/It needs your password once more/).waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await gate.getByLabel('Password').fill('not this one');
    await gate.getByRole('button', { name: 'Continue' }).click();
    await gate.getByText('It is not your password.').waitFor();
    await expectGood(page);
    await gate.getByLabel('Password').fill(person.password);
    await gate.getByRole('button', { name: 'Continue' }).click();
    const secret = await page.getByTestId('two-factor-secret').textContent();
    const app = new AuthenticatorApp(secret ?? '');
    await page.getByLabel('Code').fill(app.next());
    await page.getByRole('button', { name: 'Turn on', exact: true }).click();
    const shown = page.getByRole('alertdialog', { name: 'The second factor is on' });
    await shown.getByRole('button', { name: 'Copy', exact: true }).click();
    await shown.getByRole('button', { name: 'Done' }).click();

    // With a second factor the password alone is not enough.
    ageSessions();
    await page.getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Turn off' }).click();
    await gate.getByLabel('Password').fill(person.password);
    await gate.getByLabel('Code').fill(app.last());
    await gate.getByRole('button', { name: 'Continue' }).click();
    await gate.getByText('The code is wrong, or it was used before.').waitFor();
    await expectGood(page);
    await gate.getByLabel('Code').fill(app.next());
    await gate.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('The second factor is off.').waitFor();
  });
});

describe('passkeys', () => {
  test('are said to be impossible where the server says so', async () => {
    const { page } = await openAccount();
    await page.getByText('Passkeys need a host name: open this page at http://localhost').waitFor();
    expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0);
  });

  test('are added, renamed, sign one in without a password, and are deleted', async () => {
    const { page, context, person, expectFailure } = await openAccount({
      url: `http://localhost:${new URL(at.url).port}`,
    });
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Virtual phone');
    await expectGood(page);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Virtual phone was added.').waitFor();
    await page.getByRole('button', { name: 'Rename Virtual phone' }).click();
    await page.getByLabel('Name', { exact: true }).fill('My phone');
    await expectGood(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('button', { name: 'Delete My phone' }).waitFor();
    await page.getByText('It is called My phone now.').waitFor({ state: 'detached' });
    await expectGood(page);

    await context.clearCookies();
    await page.goto('/sign-in?to=/account');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText(/last used/).waitFor();
    await page.getByText(person.email).first().waitFor();

    await page.getByRole('button', { name: 'Delete My phone' }).click();
    await expectGood(page);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('You have no passkeys yet.').waitFor();
    await context.clearCookies();
    await page.goto('/sign-in');
    // The device still offers it; the server knows it no more.
    expectFailure(/^401 POST \/api\/auth\/passkey\/sign-in$/);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('alert').waitFor();
    await expectGood(page);
    await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
  });
});

test('sessions are listed and ended, one or all others', async () => {
  const { page, person } = await openAccount();
  const others = [await signIn(at.url, person), await signIn(at.url, person), await signIn(at.url, person)];
  await page.reload();
  const ends = page.getByRole('button', { name: /^End .*started/ });
  await expect.poll(() => ends.count(), patience).toBe(3);
  await page.getByText('Chrome on Linux').waitFor();
  await expectGood(page);
  await ends.first().click();
  await page.getByText('The session has ended.').waitFor();
  await expect.poll(() => ends.count(), patience).toBe(2);
  await page.getByRole('button', { name: 'End all other sessions' }).click();
  await expectGood(page);
  await page.getByRole('button', { name: 'End them' }).click();
  await page.getByText('All other sessions have ended.').waitFor();
  await expect.poll(() => ends.count(), patience).toBe(0);
  for (const other of others) {
    expect((await other.request('GET', '/api/auth/security')).status).toBe(401);
  }
});

test('the theme is chosen, and all that is kept is taken along', async () => {
  const { page, person } = await openAccount();
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme), patience).toBe('dark');
  await page.reload();
  await page.getByRole('radio', { name: 'Dark' }).waitFor();
  expect(await page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true);
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download my data' }).click();
  const data = JSON.parse(await readFile(await file));
  expect(data.account.email).toBe(person.email);
});

test('whoever is in no project comes to the own account all the same', async () => {
  const { id: accountId, ...person } = await addPerson(at, at.projectId, 'Alone', 'member');
  await at.admin.call('removeMember', { params: { projectId: at.projectId, accountId } });
  const { page, go } = await visit(at.url, { as: person });
  await go('/apikeys');
  await page.getByText('Ask somebody who runs one to invite you.').waitFor();
  // There is none to choose.
  expect(await page.getByRole('button', { name: 'Choose a project' }).count()).toBe(0);
  await page.getByRole('button', { name: person.email }).click();
  await page.getByRole('menuitem', { name: 'Your account' }).click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await page.getByLabel('Your name').fill('Alone no more');
  await page.getByRole('button', { name: 'Save the name' }).click();
  await page.getByRole('button', { name: 'Alone no more' }).waitFor();
  await expectNoAxeFinding(page);
});
