// Code that fails to load, because the server is away or has another version by now: it costs nothing that is on the screen.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ada, installConsole, startInstallation } from './support/installation.ts';
import { visit } from './support/visitor.ts';

const at = installConsole();

const manifest: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, '../dist/.vite/manifest.json'), 'utf8'),
);

/** The address of what a file of the console was built into. */
function addressOf(source: string): string {
  const built = (manifest as Record<string, { file: string }>)[`src/${source}`];
  if (built === undefined) throw new Error(`${source} is not built into a file of its own.`);
  return `/${built.file}`;
}

/** A visit whose browser is never idle, so that nothing is loaded before it is wanted. */
async function visitUnprepared() {
  const visitor = await visit(at.url, { as: ada });
  await visitor.page.addInitScript(() => {
    window.requestIdleCallback = () => 0;
  });
  visitor.expectFailure(/^(404|failed:) GET \/assets\//);
  return visitor;
}

/** From now on the server has none of the code that is not loaded yet, as after an upgrade. @returns brings it back */
async function takeCodeAway(page: Page): Promise<() => Promise<void>> {
  await page.route('**/assets/*.js', (route) => route.fulfill({ status: 404 }));
  return () => page.unroute('**/assets/*.js');
}

const isGone = 'The server has a newer version of this page.';

test('a secret on the screen outlives a palette that cannot be loaded, which opens once it can be', async () => {
  const { page, go } = await visitUnprepared();
  await go('/apikeys');
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Kept on the screen');
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const shown = page.getByRole('alertdialog').getByTestId('secret');
  const secret = await shown.textContent();
  const bringBack = await takeCodeAway(page);
  await page.keyboard.press('Control+K');
  const failure = page.locator('[data-sonner-toast][data-type=error]');
  await failure.getByText('This could not be opened.').waitFor();
  await failure.getByText(isGone).waitFor();
  expect(await shown.textContent()).toBe(secret);
  await bringBack();
  await page.keyboard.press('Control+K');
  await page.getByRole('dialog', { name: 'Go to' }).waitFor();
  expect(await page.locator('[data-testid=secret]').textContent()).toBe(secret);
});

test('a key is not made when its secret could not be shown', async () => {
  const { page, go } = await visitUnprepared();
  await go('/apikeys?dialog=create');
  await page.getByRole('dialog').getByLabel('Name').fill('Never made');
  const bringBack = await takeCodeAway(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const failure = page.locator('[data-sonner-toast][data-type=error]');
  await failure.getByText('The key was not created.').waitFor();
  await failure.getByText(isGone).waitFor();
  const search = { params: { projectId: at.projectId }, query: { search: 'Never made' } };
  expect((await at.admin.call('listKeys', search)).items).toHaveLength(0);
  await bringBack();
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  await page.getByRole('alertdialog').getByTestId('secret').waitFor();
});

test('a tooltip that cannot be loaded is missing and nothing else is, and later it is there', async () => {
  await at.admin.call('createKey', {
    params: { projectId: at.projectId },
    body: { name: 'Described', description: 'For the nightly report' },
  });
  const { page, go } = await visitUnprepared();
  await go('/apikeys');
  const row = page.getByRole('row', { name: /Described/ });
  const icon = row.getByRole('button', { name: /description/i }).first();
  await icon.waitFor();
  const bringBack = await takeCodeAway(page);
  const asked = page.waitForResponse((answer) => answer.url().includes(addressOf('ui/tooltip-popup.tsx')));
  await icon.hover();
  expect((await asked).status()).toBe(404);
  await page.waitForTimeout(1500);
  await row.waitFor();
  expect(await page.locator('[data-sonner-toast]').count()).toBe(0);
  await page.mouse.move(0, 0);
  await bringBack();
  await icon.hover();
  await page.getByRole('tooltip').getByText('For the nightly report').waitFor();
});

test('a menu that cannot be loaded says so, keeps its button, and opens later', async () => {
  const { page, go } = await visitUnprepared();
  await go('/apikeys?dialog=create');
  // The place for notifications came with the dialog.
  await page.getByRole('dialog').waitFor();
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('Escape');
  const button = page.getByRole('button', { name: new RegExp(ada.email) });
  const bringBack = await takeCodeAway(page);
  await button.click();
  await page.getByText('This could not be opened.').waitFor();
  await button.waitFor();
  await bringBack();
  await button.click();
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
});

test('without a network from the first second on, what cannot be opened says so, and opens when it is back', async () => {
  const { page, go, context, expectFailure } = await visitUnprepared();
  expectFailure(/^failed: GET/);
  await go('/apikeys');
  await page.getByRole('heading', { name: 'API Keys', exact: true }).waitFor();
  await context.setOffline(true);
  const notice = page.getByRole('alert').filter({ hasText: 'This could not be opened.' });
  await page.keyboard.press('Control+K');
  await notice.getByText('The server did not answer. Check your connection and try again.').waitFor();
  await page.getByRole('status').getByText('You are offline.').waitFor();
  await notice.getByRole('button', { name: 'Close' }).click();
  await notice.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: new RegExp(ada.email) }).click();
  await notice.waitFor();
  await context.setOffline(false);
  await page.getByText('You are offline.').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+K');
  await page.getByRole('dialog', { name: 'Go to' }).waitFor();
});

test('a tab of the settings that cannot be loaded says so in its place, and can be tried again', async () => {
  const { page, go } = await visitUnprepared();
  await go('/settings');
  await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
  const bringBack = await takeCodeAway(page);
  await page.getByRole('tab', { name: 'Policy' }).click();
  const place = page.getByRole('alert').filter({ hasText: 'This part of the page could not be loaded' });
  await place.getByText(isGone).waitFor();
  await bringBack();
  await place.getByRole('button', { name: 'Try again' }).click();
  await page.getByLabel('Prefix').waitFor();
});

test('what matters while the server is away is loaded before that', async () => {
  const own = await startInstallation();
  const { page, go, expectFailure } = await visit(own.url, { as: ada });
  expectFailure(/^failed: /);
  const needed = [
    'shell/command-palette.tsx',
    'ui/open-menu.tsx',
    'ui/tooltip-popup.tsx',
    'ui/toasts.tsx',
    'sign-in/gate-dialog.tsx',
    'keys/secret-dialog.tsx',
  ];
  const loaded = needed.map((source) =>
    page.waitForEvent('requestfinished', (request) => request.url().endsWith(addressOf(source))),
  );
  await go('/apikeys');
  await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
  await Promise.all(loaded);
  await page.waitForLoadState('networkidle');
  await own.service.stop();
  await page.keyboard.press('Control+K');
  const palette = page.getByRole('dialog', { name: 'Go to' });
  await palette.waitFor();
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: new RegExp(ada.email) }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByText('You are not signed out.').waitFor();
  await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
  await page.close();
});
