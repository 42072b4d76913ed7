// A session that ends, or becomes somebody else's, while the page is open: what is on it stays, and the words are for people.
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { ada, installConsole, type Person } from './support/installation.ts';
import { inviteMember } from './support/members.ts';
import { visit } from './support/visitor.ts';

const at = installConsole();

beforeAll(async () => {
  await at.admin.call('updateProject', {
    params: { projectId: at.projectId },
    body: { policy: { maxKeysPerOwner: null } },
  });
});

const signInDialog = (page: Page) => page.getByRole('dialog', { name: 'Your session has ended' });

/** A key that was just made, with its secret on the screen. */
async function showSecret(name: string) {
  const visitor = await visit(at.url, { as: ada });
  const { page, go } = visitor;
  visitor.expectFailure(/^401 /);
  await go('/apikeys?dialog=create');
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('alertdialog');
  const secret = (await dialog.getByTestId('secret').textContent()) ?? '';
  const isShown = async () => (await page.getByTestId('secret').textContent()) === secret;
  return { ...visitor, dialog, isShown };
}

async function signInAs({ email, password }: Person, context: BrowserContext): Promise<void> {
  const answer = await context.request.post(`${at.url}/api/auth/sign-in/email`, {
    data: { email, password },
    headers: { Origin: at.url },
  });
  expect(answer.status()).toBe(200);
}

test('nothing covers a secret that is not saved, and nothing asks on behind it', async () => {
  const { page, context, dialog, isShown } = await showSecret('Signed out while shown');
  const answers: number[] = [];
  page.on('response', (response) => answers.push(response.status()));
  await context.clearCookies();
  await dialog.getByText('Your session has ended, so its first request is not waited for.').waitFor();
  const refused = answers.filter((status) => status === 401).length;
  await page.waitForTimeout(6000);
  expect(answers.filter((status) => status === 401)).toHaveLength(refused);
  expect(await signInDialog(page).count()).toBe(0);
  expect(await isShown()).toBe(true);
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await dialog.getByText('Copied: it is on your clipboard.').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  // What the person does from then on asks to sign in, and goes on.
  await page.getByRole('link', { name: 'Signed out while shown' }).click();
  await signInDialog(page).getByLabel('Password').fill(ada.password);
  await signInDialog(page).getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Signed out while shown' }).waitFor();
});

test('whoever sends the question to sign in away is not asked again by what only watches', async () => {
  const { page, context, dialog, isShown } = await showSecret('Sent away');
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await dialog.getByText('Copied: it is on your clipboard.').waitFor();
  await context.clearCookies();
  await signInDialog(page).waitFor();
  await page.keyboard.press('Escape');
  await signInDialog(page).waitFor({ state: 'detached' });
  await page.waitForTimeout(7000);
  expect(await signInDialog(page).count()).toBe(0);
  expect(await isShown()).toBe(true);
});

test('a change that nobody is signed in for says so in words for people', async () => {
  const { key } = await at.admin.call('createKey', {
    params: { projectId: at.projectId },
    body: { name: 'Not renamed' },
  });
  const { page, context, go, expectFailure } = await visit(at.url, { as: ada });
  expectFailure(/^401 /);
  await go(`/apikeys?dialog=rename&key=${key.id}`);
  const form = page.getByRole('dialog', { name: 'Rename Not renamed' });
  await form.getByLabel('New name').fill('Another');
  await context.clearCookies();
  await form.getByRole('button', { name: 'Rename' }).click();
  await signInDialog(page).waitFor();
  await page.keyboard.press('Escape');
  // In the form, and beside it with the request id.
  for (const place of [form.getByRole('alert'), page.getByRole('region', { name: /^Notifications/ })])
    await place.getByText('You are not signed in any more. Sign in again, then try once more.').waitFor();
  expect(await page.getByText(/service key|Bearer/).count()).toBe(0);
  expect(await form.getByLabel('New name').inputValue()).toBe('Another');
});

test('a list that cannot be loaded speaks of no change', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  expectFailure(/^failed: GET/);
  await page.route('**/v1/projects/*/keys?*', (route) => route.abort('connectionrefused'));
  await page.route('**/v1/projects/*/keys', (route) => route.abort('connectionrefused'));
  await go('/apikeys');
  const failure = page.getByRole('alert');
  await failure.getByText('The server did not answer. Check your connection and try again.').waitFor();
  expect(await page.getByText(/whether the change was made/).count()).toBe(0);
});

test('a page whose browser is signed in as somebody else by now begins anew as theirs', async () => {
  const other = await inviteMember(at, 'member');
  const { page, context, go } = await visit(at.url, { as: ada });
  await go('/members');
  await page.getByRole('button', { name: new RegExp(ada.email) }).waitFor();
  await signInAs(other, context);
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await page.getByRole('button', { name: new RegExp(other.email) }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/apikeys');
});

test('but it does not take a secret along that is not saved: then it says what happened', async () => {
  const other = await inviteMember(at, 'member');
  const { page, context, dialog, isShown, expectFailure } = await showSecret('Kept from another account');
  // Its first request is still waited for, by somebody who may not see the key.
  expectFailure(/^404 GET \/v1\/keys\//);
  page.on('dialog', (question) => void question.dismiss());
  await signInAs(other, context);
  await dialog.getByTestId('secret').click();
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await page.getByText(`${other.name} has signed in in this browser.`).waitFor();
  await page.waitForTimeout(1000);
  expect(await isShown()).toBe(true);
});
