// Addresses that somebody mistyped or kept from another version: what makes no sense in them is as if it were not there.
import { expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { visit } from './support/visitor.ts';

const at = installConsole();

test.each([
  ['/apikeys?sort=foo', 'API Keys'],
  ['/apikeys?status=foo&size=21&dialog=foo', 'API Keys'],
  ['/channels?keysOf=true&status=foo', 'Channels'],
  ['/usage?range=99', 'Usage'],
  ['/usage?range=foo&bucket=foo&code=foo&view=foo', 'Usage'],
  ['/activity?from=bad', 'Activity'],
  ['/activity?to=2026-13-01&action=foo', 'Activity'],
  ['/members?dialog=foo&cursor=true', 'Members'],
  ['/settings?tab=foo&dialog=foo', 'Settings'],
  ['/accounts?dialog=foo', 'Accounts'],
  ['/account?dialog=foo', 'Your account'],
  ['/apikeys?project=true', 'API Keys'],
])('%s is the page without it', async (address, heading) => {
  const { page, go } = await visit(at.url, { as: ada });
  await go(address);
  await page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(await page.getByRole('heading', { name: 'This page could not be shown' }).count()).toBe(0);
});

test('signing in leads to no address but those of this console', async () => {
  const { page, go } = await visit(at.url);
  await go('/sign-in?to=//elsewhere.example/keys');
  await page.getByLabel('E-mail').fill(ada.email);
  await page.getByLabel('Password').fill(ada.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'API Keys', exact: true }).waitFor();
  expect(page.url()).toBe(`${at.url}/apikeys`);
});
