// Forms of whole pages: what is typed stays until it is saved or discarded, whatever comes from elsewhere meanwhile, and
// what came from elsewhere is not overwritten by what nobody typed.
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { visit } from './support/visitor.ts';

const at = installConsole();
const ids = { key: '', channel: '' };

beforeAll(async () => {
  const params = { projectId: at.projectId };
  const { key } = await at.admin.call('createKey', {
    params,
    body: { name: 'Formed', description: 'First' },
  });
  const channel = await at.admin.call('createChannel', { params, body: { name: 'Orders', slug: 'orders' } });
  Object.assign(ids, { key: key.id, channel: channel.id });
});

/** Holds back changes until they are to go on. */
async function holdChanges(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route('**/v1/**', async (route) => {
    if (route.request().method() === 'PATCH') await promise;
    await route.fallback();
  });
  return resolve;
}

const discard = (page: Page) => page.getByRole('button', { name: /^Discard/ });

test.each([
  ['the name of a project', '/settings', 'Name of the project'],
  ['the policy', '/settings?tab=policy', 'Prefix'],
  ['the instance', '/settings?tab=instance', 'Name of the instance'],
  ['a key', '/apikeys/{key}?tab=settings', 'Description'],
])('what was typed into %s is discarded', async (_, address, label) => {
  const { page, go } = await visit(at.url, { as: ada });
  await go(address.replace('{key}', ids.key));
  const field = page.getByLabel(label).first();
  await field.waitFor();
  const before = await field.inputValue();
  await field.fill('typed');
  await discard(page).first().click();
  await expect.poll(() => field.inputValue()).toBe(before);
});

test('what somebody else changes after one saved is taken over, and not overwritten by the next saving', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/apikeys/${ids.key}?tab=settings`);
  const form = page.getByRole('form', { name: 'What it is, and what it is good for' });
  const save = form.getByRole('button', { name: 'Save changes' });
  await form.getByLabel('Description').fill('Mine');
  await save.click();
  await page.getByText('Formed is changed.').waitFor();
  await at.admin.call('updateKey', { params: { keyId: ids.key }, body: { description: 'Theirs' } });
  await expect.poll(() => form.getByLabel('Description').inputValue(), { timeout: 40_000 }).toBe('Theirs');
  await form.getByLabel('Scopes').fill('orders:read');
  await save.click();
  await expect
    .poll(async () => (await at.admin.call('getKey', { params: { keyId: ids.key } })).scopes)
    .toStrictEqual(['orders:read']);
  const { description } = await at.admin.call('getKey', { params: { keyId: ids.key } });
  expect(description).toBe('Theirs');
});

test('what is typed into a key while it is being saved stays, and is saved the next time', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/apikeys/${ids.key}?tab=settings`);
  const form = page.getByRole('form', { name: 'What it is, and what it is good for' });
  const save = form.getByRole('button', { name: 'Save changes' });
  const release = await holdChanges(page);
  await form.getByLabel('Description').fill('Sent');
  await save.click();
  await form.getByLabel('Metadata').fill('{"typed":"meanwhile"}');
  release();
  await page.getByText('Formed is changed.').waitFor();
  expect(await form.getByLabel('Metadata').inputValue()).toBe('{"typed":"meanwhile"}');
  await save.click();
  await expect
    .poll(async () => (await at.admin.call('getKey', { params: { keyId: ids.key } })).metadata)
    .toStrictEqual({ typed: 'meanwhile' });
});

const question = (page: Page) => page.getByRole('alertdialog', { name: 'Leave without saving?' });

test('whoever leaves a form while it is being saved goes on when it is saved, unasked', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/apikeys/${ids.key}?tab=settings`);
  const release = await holdChanges(page);
  await page.getByLabel('Description').fill('Saved while leaving');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.waitForTimeout(300);
  expect(new URL(page.url()).pathname).toBe(`/apikeys/${ids.key}`);
  expect(await question(page).count()).toBe(0);
  release();
  await page.waitForURL('**/activity*');
  const { description } = await at.admin.call('getKey', { params: { keyId: ids.key } });
  expect(description).toBe('Saved while leaving');
});

test('whoever leaves a form that cannot be saved, or not soon, is asked', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  await go(`/apikeys/${ids.key}?tab=settings`);
  let isLost = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route('**/v1/**', async (route) => {
    if (route.request().method() !== 'PATCH') return route.fallback();
    await promise;
    isLost = true;
    await route.abort('connectionreset');
  });
  await page.getByLabel('Description').fill('Never saved');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('link', { name: 'Activity' }).click();
  await question(page).waitFor();
  expect(isLost).toBe(false);
  expectFailure(/^failed: PATCH /);
  resolve();
  await page.locator('[data-sonner-toast][data-type=error]').waitFor();
  await question(page).getByRole('button', { name: 'Stay here' }).click();
  expect(await page.getByLabel('Description').inputValue()).toBe('Never saved');
});

test('what is typed into the texts of a project while they are being saved stays', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/settings?tab=wording');
  const texts = page.getByRole('region', { name: 'Wording' }).getByRole('textbox');
  const release = await holdChanges(page);
  await texts.nth(0).fill('Sent');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await texts.nth(1).fill('Typed meanwhile');
  release();
  await page.getByText('Saved.', { exact: true }).waitFor();
  expect(await texts.nth(1).inputValue()).toBe('Typed meanwhile');
  await page.getByText('1 change not saved').waitFor();
});

test.each([
  ['a key', '/apikeys/{key}?tab=settings', 'Description'],
  ['the texts of a project', '/settings?tab=wording', 'An address of your API to try a key at'],
])(
  'the failure to save %s does not stand in front of the button that tries again',
  async (_, address, label) => {
    const { page, go, expectFailure } = await visit(at.url, { as: ada });
    await go(address.replace('{key}', ids.key));
    await page.getByLabel(label).first().fill('https://example.com/not-saved');
    await page.route('**/v1/**', (route) =>
      route.request().method() === 'PATCH' ? route.abort('connectionreset') : route.fallback(),
    );
    expectFailure(/^failed: PATCH /);
    const save = page.getByRole('button', { name: /^Save( changes)?$/ });
    await save.click();
    await page.locator('[data-sonner-toast][data-type=error]').waitFor();
    await page.waitForTimeout(500);
    await save.click({ trial: true, timeout: 5000 });
  },
);
