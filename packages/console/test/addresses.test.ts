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

test('an address that names a dialog about what is not there says so, and is tidied', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  const { key } = await at.admin.call('createKey', {
    params: { projectId: at.projectId },
    body: { name: 'Never rotated' },
  });
  const nobody = '00000000000000000000000000';
  expectFailure(/^40[04] GET \/v1\/keys\//);
  for (const [address, title] of [
    [`/apikeys?q=x&dialog=rename&key=key_${nobody}`, 'This key is not here'],
    ['/apikeys?q=x&dialog=revoke&key=mistyped', 'This key is not here'],
    ['/apikeys?q=x&dialog=rotate', 'This key is not here'],
    [`/apikeys/${key.id}?dialog=retire`, 'There is no old secret here'],
    [`/members?dialog=role&member=acc_${nobody}`, 'This member is not here'],
    [`/members?dialog=takeBack&invitation=inv_${nobody}`, 'This invitation is not here'],
    [`/settings?tab=service-keys&dialog=delete&key=svc_${nobody}`, 'This service key is not here'],
    [`/accounts?q=ada&dialog=erase&account=acc_${nobody}`, 'This account is not here'],
    ['/account?dialog=rename-passkey&passkey=none', 'This passkey is not here'],
  ] as const) {
    await go(address);
    const dialog = page.getByRole('dialog', { name: title });
    await dialog.getByText(/or the address is wrong\.$/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
    expect(page.url()).not.toMatch(/dialog=|key=|member=|invitation=|account=|passkey=/);
    expect(page.url().includes('q=')).toBe(address.includes('q='));
  }
});
