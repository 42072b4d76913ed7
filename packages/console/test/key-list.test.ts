// The list: search, filters, sort and pages in the address; selection; undo; who will notice.
import { beforeAll, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { expectFocus, visit } from './support/visitor.ts';

const at = installConsole();
const ids = new Map<string, string>();
let secret = '';

beforeAll(async () => {
  const params = { projectId: at.projectId };
  const names = ['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon'];
  for (const name of names) {
    const made = await at.admin.call('createKey', { params, body: { name, ownerId: `customer-${name}` } });
    ids.set(name, made.key.id);
    if (name === 'Alpha') secret = made.secret;
  }
  await at.admin.call('deactivateKey', { params: { keyId: ids.get('Beta') ?? '' } });
});

test('what is searched, filtered and sorted stands in the address, and back leads back', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys');
  const names = () => page.locator('tbody tr td:first-child a').allTextContents();
  await page.getByText('1–5 of 5').waitFor();
  expect(await names()).toStrictEqual(['Epsilon', 'Delta', 'Gamma', 'Beta', 'Alpha']);
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
  await page.waitForURL(/sort=/);
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
  await expect.poll(names).toStrictEqual(['Alpha', 'Beta', 'Delta', 'Epsilon', 'Gamma']);
  expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending');
  await page.getByLabel('Status', { exact: true }).selectOption('inactive');
  await expect.poll(names).toStrictEqual(['Beta']);
  expect(new URL(page.url()).searchParams.get('status')).toBe('inactive');
  await page.reload();
  await expect.poll(names).toStrictEqual(['Beta']);
  await page.goBack();
  await expect.poll(names).toStrictEqual(['Alpha', 'Beta', 'Delta', 'Epsilon', 'Gamma']);
  await page.goForward();
  await expect.poll(names).toStrictEqual(['Beta']);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('searchbox').fill('customer-d');
  await expect.poll(names).toStrictEqual(['Delta']);
  expect(new URL(page.url()).searchParams.get('q')).toBe('customer-d');
  await page.getByRole('searchbox').fill('nothing like this');
  await page.getByRole('heading', { name: 'No key matches' }).waitFor();
});

test('deactivating is done at once, and undone by the notification', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys');
  const row = page.getByRole('row').filter({ hasText: 'Gamma' });
  await row.getByRole('button', { name: 'Settings of Gamma' }).click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  await row.locator('[data-status=inactive]').waitFor();
  await page.getByText('Gamma is inactive.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await row.locator('[data-status=active]').waitFor();
});

test('before a key is revoked it says who will notice, and offers to switch it off instead', async () => {
  for (let number = 1; number <= 3; number++) {
    for (let request = 0; request < 14; request++) {
      await at.admin.call('verify', { body: { key: secret, ip: `203.0.113.${number}` } });
    }
  }
  const keyId = ids.get('Alpha') ?? '';
  await expect
    .poll(
      async () => {
        const { buckets } = await at.admin.call('getKeyUsage', { params: { keyId } });
        return buckets.reduce((sum, { count }) => sum + count, 0);
      },
      { timeout: 20_000 },
    )
    .toBe(42);
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys');
  await page
    .getByRole('row')
    .filter({ hasText: 'Alpha' })
    .getByRole('img', { name: '42 requests' })
    .waitFor();
  await page.getByRole('button', { name: 'Settings of Alpha' }).click();
  await page.getByRole('menuitem', { name: 'Revoke' }).click();
  const question = page.getByRole('alertdialog', { name: 'Revoke Alpha?' });
  await question.getByText('Used 42 times in the last hour, from 3 addresses.').waitFor();
  await question.getByText('These callers will get 401 from now on.').waitFor();
  await expectFocus(page, 'Cancel');
  await question.getByRole('button', { name: 'Deactivate instead' }).click();
  await page.getByRole('row').filter({ hasText: 'Alpha' }).locator('[data-status=inactive]').waitFor();
  expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ code: 'inactive' });
});

test('many at once: one request, and a report of each', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys?sort=name');
  await page.getByText('1–5 of 5').waitFor();
  for (const name of ['Delta', 'Epsilon'])
    await page.getByRole('checkbox', { name: `Select ${name}` }).click();
  const bar = page.getByRole('region', { name: 'Selected keys' });
  await bar.getByText('2 selected').waitFor();
  // One of them is revoked by somebody else in the meantime.
  await at.admin.call('revokeKey', { params: { keyId: ids.get('Delta') ?? '' } });
  await bar.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Deactivate 2 keys' }).click();
  const report = page.getByRole('dialog', { name: '1 key is inactive' });
  await report.getByText('1 key was left as it is:').waitFor();
  await report.getByRole('link', { name: 'key_revoked' }).waitFor();
  await report.getByText('Epsilon').waitFor();
  await report.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('row').filter({ hasText: 'Epsilon' }).locator('[data-status=inactive]').waitFor();
});

test('a reload loses nothing that was typed, and giving up forgets it', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys');
  await page.getByRole('button', { name: 'Create key' }).click();
  const form = page.getByRole('dialog', { name: 'Create a key' });
  await form.getByLabel('Name').fill('Half-way through');
  await form.getByLabel('Expires').selectOption('In 30 days');
  await page.reload();
  await expect.poll(() => form.getByLabel('Name').inputValue()).toBe('Half-way through');
  expect(await form.getByLabel('Expires').inputValue()).toBe('30');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Create key' }).click();
  expect(await form.getByLabel('Name').inputValue()).toBe('');
});

test('two clicks at once make one key', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys?dialog=create');
  await page.getByRole('dialog').getByLabel('Name').fill('Only once');
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).dblclick();
  await page.getByRole('alertdialog').getByTestId('secret').waitFor();
  const { page: found } = await at.admin.call('listKeys', {
    params: { projectId: at.projectId },
    query: { search: 'Only once' },
  });
  expect(found.total).toBe(1);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Copy', exact: true }).click();
});
