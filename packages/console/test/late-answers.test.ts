// Answers that are late, lost, or come from a proxy that gave up waiting, and people who went on meanwhile: nothing is done
// twice, nothing is lost without a word, and no dialog closes but its own.
import { presetPolicies } from '@keywright/contract';
import type { Page, Route } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { addPerson } from './support/people.ts';
import { type Visitor, visit } from './support/visitor.ts';

const at = installConsole();
const ids = { rotated: '', secret: '' };

beforeAll(async () => {
  for (const name of ['Renamed late', 'Switched late', 'First of many', 'Second of many', 'Third of many'])
    await makeKey(name);
  const { key, secret } = await makeKey('Rotated once');
  Object.assign(ids, { rotated: key.id, secret });
});

const makeKey = (name: string) =>
  at.admin.call('createKey', { params: { projectId: at.projectId }, body: { name } });

async function keysCalled(search: string): Promise<number> {
  const { items } = await at.admin.call('listKeys', {
    params: { projectId: at.projectId },
    query: { search, limit: 100 },
  });
  return items.length;
}

/** Holds back the requests of a kind. @returns lets them go on, and how many there were */
async function hold(page: Page, method: string, address: string) {
  const held: Route[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(address, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    held.push(route);
    await promise;
    await route.fallback();
  });
  return { held, release: resolve };
}

/** The first request of a kind comes through; what its answer becomes is for `instead`. */
async function spoilFirst(page: Page, address: string, instead: (route: Route) => Promise<void>) {
  let count = 0;
  await page.route(address, async (route) => {
    if (route.request().method() !== 'POST' || count++ > 0) return route.fallback();
    await route.fetch();
    await instead(route);
  });
}

const lose = (route: Route) => route.abort('connectionreset');
const giveUp = (route: Route) => route.fulfill({ status: 504, contentType: 'text/html', body: 'Too slow' });
const failureOf = (page: Page) => page.locator('[data-sonner-toast][data-type=error]');

test('a rotation whose answer is lost is not made twice, and the secret that is in use lives on', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  await go(`/apikeys/${ids.rotated}?dialog=rotate`);
  await spoilFirst(page, '**/rotate', lose);
  expectFailure(/^failed: POST .*\/rotate$/);
  const question = page.getByRole('dialog', { name: 'Rotate Rotated once?' });
  await question.getByRole('button', { name: 'Rotate' }).click();
  await failureOf(page).getByText('Rotated once was not rotated.').waitFor();
  expectFailure(/^409 POST .*\/rotate$/);
  await question.getByRole('button', { name: 'Rotate' }).click();
  await failureOf(page).getByText('Rotated once was rotated, but its new secret was lost').waitFor();
  await page.getByRole('heading', { name: 'Two secrets work at present' }).waitFor();
  expect(await at.admin.call('verify', { body: { key: ids.secret } })).toMatchObject({ code: 'valid' });
});

test('a key is made once although a proxy gave up waiting for it', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  // The same name twice would be refused by itself.
  await at.admin.call('updateProject', {
    params: { projectId: at.projectId },
    body: { policy: { uniqueNames: false } },
  });
  await go('/apikeys?dialog=create');
  await spoilFirst(page, '**/keys', giveUp);
  const form = page.getByRole('dialog', { name: 'Create a key' });
  await form.getByLabel('Name').fill('Made behind a proxy');
  expectFailure(/^504 POST .*\/keys$/);
  await form.getByRole('button', { name: 'Create key' }).click();
  await failureOf(page)
    .getByText(/answered with 504\. .* it is not known whether it was/)
    .waitFor();
  expectFailure(/^409 POST .*\/keys$/);
  await form.getByRole('button', { name: 'Create key' }).click();
  await page.getByText('The key was made, but its secret was lost on the way.').waitFor();
  expect(await keysCalled('Made behind a proxy')).toBe(1);
});

test('a service key is made once, and it is said that its secret was lost', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  await go('/settings?tab=service-keys&dialog=create');
  await spoilFirst(page, '**/v1/service-keys', lose);
  const form = page.getByRole('dialog', { name: 'Create a service key' });
  await form.getByLabel('Name').fill('Lost on the way');
  expectFailure(/^failed: POST .*\/service-keys$/);
  await form.getByRole('button', { name: 'Create service key' }).click();
  await failureOf(page).getByText('The service key was not created.').waitFor();
  expectFailure(/^409 POST .*\/service-keys$/);
  await form.getByRole('button', { name: 'Create service key' }).click();
  await page.getByText('The service key was made, but its secret was lost on the way.').waitFor();
  await page.getByRole('row').filter({ hasText: 'Lost on the way' }).waitFor();
});

test('a dialog that was closed before its answer came closes no other one', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys');
  const rename = await hold(page, 'PATCH', '**/v1/keys/*');
  await page.getByRole('button', { name: 'Settings of Renamed late' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('dialog').getByLabel('New name').fill('Renamed at last');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect.poll(() => rename.held.length).toBe(1);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Create key' }).click();
  const form = page.getByRole('dialog', { name: 'Create a key' });
  await form.getByLabel('Name').fill('Typed meanwhile');
  rename.release();
  await page.getByText('It is called Renamed at last now.').waitFor();
  await page.waitForTimeout(1000);
  expect(await form.getByLabel('Name').inputValue()).toBe('Typed meanwhile');
});

test('a channel that is deleted after its page was left takes nobody away', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  const params = { projectId: at.projectId };
  const body = { name: 'Deleted late', slug: 'deleted-late' };
  const { id } = await at.admin.call('createChannel', { params, body });
  await go(`/channels/${id}?dialog=delete`);
  const deletion = await hold(page, 'DELETE', '**/v1/channels/*');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => deletion.held.length).toBe(1);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
  deletion.release();
  await page.getByText('The channel Deleted late was deleted.').waitFor();
  await page.waitForTimeout(1000);
  expect(new URL(page.url()).pathname).toBe('/activity');
});

test('a key that is refused after its form was closed says so', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  await at.admin.call('updateProject', {
    params: { projectId: at.projectId },
    body: { policy: { uniqueNames: true } },
  });
  await go('/apikeys?dialog=create');
  const creation = await hold(page, 'POST', '**/keys');
  const form = page.getByRole('dialog', { name: 'Create a key' });
  await form.getByLabel('Name').fill('Refused late');
  await form.getByRole('button', { name: 'Create key' }).click();
  await expect.poll(() => creation.held.length).toBe(1);
  await page.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });
  await at.admin.call('createKey', {
    params: { projectId: at.projectId },
    body: { name: 'Refused late', ownerId: await ownId() },
  });
  expectFailure(/^409 POST .*\/keys$/);
  creation.release();
  await failureOf(page).getByText('The key was not created.').waitFor();
});

async function ownId(): Promise<string> {
  const { items } = await at.admin.call('listMembers', { params: { projectId: at.projectId } });
  return items[0]?.accountId ?? '';
}

test('a role that is refused after its dialog was closed says so', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  await go(`/members?dialog=role&member=${await ownId()}`);
  const change = await hold(page, 'PATCH', '**/members/*');
  const question = page.getByRole('dialog', { name: 'Role of ada' });
  await question.getByRole('radio', { name: /^Member/ }).click();
  await question.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => change.held.length).toBe(1);
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  expectFailure(/^409 PATCH .*\/members\//);
  change.release();
  await failureOf(page).getByText('The role of ada was not changed.').waitFor();
});

test('what is refused because somebody else was there before shows what became of it', async () => {
  const { id: accountId, email } = await addPerson(at, at.projectId, 'Gone before', 'member');
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  await go(`/members?dialog=role&member=${accountId}`);
  const form = page.getByRole('dialog', { name: /Gone before/ });
  await form.getByRole('radio', { name: /Operator/ }).check();
  await at.admin.call('removeMember', { params: { projectId: at.projectId, accountId } });
  expectFailure(/^404 PATCH .*\/members\//);
  await form.getByRole('button', { name: 'Save' }).click();
  await failureOf(page).waitFor();
  await page.getByRole('dialog', { name: 'This member is not here' }).waitFor({ timeout: 5000 });
  expect(await page.getByText(email).count()).toBe(0);
});

test('whoever leaves the page before the secret came is told that nobody saw it', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/usage');
  await page.getByRole('link', { name: 'API Keys' }).click();
  await page.getByRole('button', { name: 'Create key' }).click();
  const creation = await hold(page, 'POST', '**/keys');
  const form = page.getByRole('dialog', { name: 'Create a key' });
  await form.getByLabel('Name').fill('Never seen');
  await form.getByRole('button', { name: 'Create key' }).click();
  await expect.poll(() => creation.held.length).toBe(1);
  await page.goBack();
  await page.goBack();
  await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
  creation.release();
  await failureOf(page).getByText('The key was made, but its secret was lost on the way.').waitFor();
  await failureOf(page).getByText('You left the page before it could be shown.').waitFor();
});

test('a key that is being switched is not switched again from its menu', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys');
  const deactivation = await hold(page, 'POST', '**/deactivate');
  const openMenu = () => page.getByRole('button', { name: 'Settings of Switched late' }).click();
  await openMenu();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  await expect.poll(() => deactivation.held.length).toBe(1);
  await openMenu();
  await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'Deactivate' }).count()).toBe(0);
  await page.keyboard.press('Escape');
  deactivation.release();
  await page.getByText('Switched late is inactive.').waitFor();
});

test('what became of many keys is reported although the question was closed, and stays when they are gone', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys?q=of+many');
  const deletion = await hold(page, 'POST', '**/bulk');
  for (const name of ['First', 'Second'])
    await page.getByRole('checkbox', { name: `Select ${name} of many` }).click();
  await page.getByRole('region', { name: 'Selected keys' }).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete 2 keys' }).click();
  await expect.poll(() => deletion.held.length).toBe(1);
  await page.keyboard.press('Escape');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  deletion.release();
  const report = page.getByRole('dialog', { name: '2 keys were deleted' });
  await report.getByText('First of many').waitFor();
  await page.getByText('1–1 of 1').waitFor();
  await page.waitForTimeout(500);
  await report.getByText('Second of many').waitFor();
  await report.getByRole('button', { name: 'Close' }).last().click();
  await report.waitFor({ state: 'detached' });
});

// The last: it gives the project another look.
test('a click that makes a key makes it once although its answer was lost', async () => {
  await at.admin.call('updateProject', {
    params: { projectId: at.projectId },
    body: { preset: 'pair', policy: { ...presetPolicies.pair, maxKeysPerOwner: 100 } },
  });
  const visitor = await visit(at.url, { as: ada });
  const { page, go } = visitor;
  await go('/apikeys');
  await spoilFirst(page, '**/keys', lose);
  await clickAddTwice(visitor);
  await page.getByText('The key was made, but its secret was lost on the way.').waitFor();
  expect(await keysCalled('Key 1')).toBe(1);
  // The next click makes another one.
  await page.getByRole('button', { name: 'Add key' }).click();
  await page.getByRole('alertdialog').getByTestId('secret').waitFor();
  expect(await keysCalled('Key 2')).toBe(1);
});

async function clickAddTwice({ page, expectFailure }: Visitor): Promise<void> {
  const add = page.getByRole('button', { name: 'Add key' });
  expectFailure(/^failed: POST .*\/keys$/);
  await add.click();
  await failureOf(page).getByText('The key was not created.').waitFor();
  expectFailure(/^409 POST .*\/keys$/);
  await add.click();
}
