// What a person sees when something goes wrong: what it was, what to do, the request id; and nothing typed is lost.
import { expect, test } from 'vitest';
import { ada, installConsole, startInstallation } from './support/installation.ts';
import { visit } from './support/visitor.ts';

const at = installConsole();

test('a key that cannot be made says why, keeps what was typed, and is made once when it is sent again', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  await go('/apikeys?dialog=create');
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Typed with care');
  await form.getByLabel('Description').fill('All of it');
  // The request comes through, and its answer is lost.
  let lost = 0;
  await page.route('**/keys', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.fallback();
    lost++;
    await route.fetch();
    await route.abort('connectionreset');
  });
  expectFailure(/^failed: POST .*\/keys$/);
  await form.getByRole('button', { name: 'Create key' }).click();
  const failure = page.locator('[data-sonner-toast][data-type=error]');
  await failure.getByText('The key was not created.').waitFor();
  await failure.getByText(/it is not known whether the change was made/).waitFor();
  expect(await form.getByLabel('Name').inputValue()).toBe('Typed with care');
  expect(await form.getByLabel('Description').inputValue()).toBe('All of it');
  // Sent again it is the same request: no second key, and since its secret is not kept, a sentence on what to do.
  expectFailure(/^409 POST .*\/keys$/);
  await form.getByRole('button', { name: 'Create key' }).click();
  await page.getByText('The key was made, but its secret was lost on the way.').waitFor();
  await page.getByText(/Rotate it to get a new secret/).waitFor();
  await page.getByRole('link', { name: 'Typed with care' }).waitFor();
  const { items } = await at.admin.call('listKeys', {
    params: { projectId: at.projectId },
    query: { search: 'Typed with care' },
  });
  expect(items).toHaveLength(1);
});

test('a failure stays until it is dismissed, and carries the request id', async () => {
  const { key } = await at.admin.call('createKey', {
    params: { projectId: at.projectId },
    body: { name: 'Revoked elsewhere' },
  });
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  await go(`/apikeys?dialog=rename&key=${key.id}`);
  const form = page.getByRole('dialog', { name: 'Rename Revoked elsewhere' });
  await form.getByLabel('New name').fill('Another');
  await at.admin.call('revokeKey', { params: { keyId: key.id } });
  expectFailure(/^409 PATCH/);
  await form.getByRole('button', { name: 'Rename' }).click();
  const failure = page.locator('[data-sonner-toast][data-type=error]');
  await failure.getByText('Revoked elsewhere was not renamed.').waitFor();
  const requestId = await failure.locator('code').textContent();
  expect(requestId).toMatch(/^req_[\w-]{20}$/);
  await page.waitForTimeout(6000);
  expect(await failure.count()).toBe(1);
  await failure.getByRole('button', { name: /close/i }).click();
  await failure.waitFor({ state: 'detached' });
});

test('on a phone a failure leaves the title and the buttons of a dialog free', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada, width: 360, height: 640 });
  await go('/apikeys?dialog=create');
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('On the way');
  await page.route('**/keys', (route) =>
    route.request().method() === 'POST' ? route.abort('connectionreset') : route.fallback(),
  );
  expectFailure(/^failed: POST .*\/keys$/);
  const submit = form.getByRole('button', { name: 'Create key' });
  await submit.click();
  const failure = page.locator('[data-sonner-toast][data-type=error]');
  await failure.getByText('The key was not created.').waitFor();
  // Nothing lies over it where it is clicked.
  await submit.click({ trial: true, timeout: 5000 });
  await form.getByRole('button', { name: 'Cancel' }).click({ trial: true, timeout: 5000 });
  await form.getByRole('heading', { name: 'Create a key' }).click({ trial: true, timeout: 5000 });
  await form.getByRole('button', { name: 'Close' }).click({ trial: true, timeout: 5000 });
});

test('while the server is away a banner says so, and it goes on by itself when it is back', async () => {
  const own = await startInstallation();
  const { port } = new URL(own.url);
  const { page, go, expectFailure } = await visit(own.url, { as: ada });
  await go('/apikeys');
  await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
  await own.service.stop();
  expectFailure(/^failed: /);
  expectFailure(/^console: /);
  await page.getByRole('link', { name: 'Channels' }).click();
  const banner = page.getByRole('status').filter({ hasText: 'The server cannot be reached.' });
  await banner.waitFor({ timeout: 40_000 });
  // It pushes nothing off the screen.
  const account = await page.getByRole('button', { name: 'ada@example.com' }).boundingBox();
  expect((account?.y ?? 900) + (account?.height ?? 0)).toBeLessThan(900);
  const again = await startInstallation({ dataDir: own.service.dataDir, env: { KEYWRIGHT_PORT: port } });
  await banner.waitFor({ state: 'detached', timeout: 60_000 });
  await page.getByRole('heading', { name: 'Channels', exact: true }).waitFor();
  // It still asks for things, and the server is about to stop.
  await page.close();
  await again.service.stop();
});

test('without a network a banner says that too', async () => {
  const { page, go, context, expectFailure } = await visit(at.url, { as: ada });
  expectFailure(/^failed: GET/);
  await go('/apikeys');
  await page.getByRole('heading', { name: 'API Keys', exact: true }).waitFor();
  await context.setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await context.setOffline(false);
  await page.getByText('You are offline.').waitFor({ state: 'detached' });
});

test('an address where there is nothing leads back', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  expectFailure(/^404 GET \/nowhere$/);
  await go('/nowhere');
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  await page.getByRole('link', { name: 'Go to your keys' }).click();
  await page.getByRole('heading', { name: 'API Keys', exact: true }).waitFor();
});

test('a project of somebody else is not there', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  expectFailure(/^404 GET \/v1\/projects\//);
  await go('/apikeys?project=prj_00000000000000000000000000');
  await page.getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Choose a project' }).waitFor();
});
