// The list: search, filters, sort and pages in the address; selection; undo; who will notice.
import { beforeAll, describe, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { expectFocus, expectGone, expectToFit, visit } from './support/visitor.ts';

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

test('a part of a secret does not get into the address either, and the field says why', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await go('/apikeys');
  const search = page.getByRole('searchbox');
  await search.fill(`  ${secret.slice(0, 50)}`);
  await page
    .getByRole('alert')
    .getByText(/a part of a secret/)
    .waitFor();
  expect(await search.inputValue()).toBe('');
  await search.fill('Del');
  await page.waitForURL(/q=Del/);
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(asked.filter((url) => url.includes(secret.slice(5, 20)))).toStrictEqual([]);
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

describe('what is typed into the form for a new key', () => {
  test('is there again after a reload, with whom it is for, and what was unfolded', async () => {
    const { page, go } = await visit(at.url, { as: ada });
    await go('/apikeys');
    await page.getByRole('button', { name: 'Create key' }).click();
    const form = page.getByRole('dialog', { name: 'Create a key' });
    await form.getByLabel('Name').fill('Half-way through');
    await form.getByLabel('Expires').selectOption('In 30 days');
    await form.getByLabel('For', { exact: true }).selectOption('Somebody else …');
    await form.getByLabel('Id of the owner').fill('customer-99');
    await form.getByText('Scopes and addresses').click();
    await form.getByLabel('Scopes').fill('orders:read');
    await page.reload();
    await expect.poll(() => form.getByLabel('Name').inputValue()).toBe('Half-way through');
    expect(await form.getByLabel('Expires').inputValue()).toBe('30');
    expect(await form.getByLabel('Id of the owner').inputValue()).toBe('customer-99');
    expect(await form.getByLabel('Scopes').isVisible()).toBe(true);
    expect(await form.getByLabel('Scopes').inputValue()).toBe('orders:read');

    await form.getByRole('button', { name: 'Create key' }).click();
    const shown = page.getByRole('alertdialog', { name: 'Half-way through is ready' });
    await shown.getByRole('button', { name: 'Copy', exact: true }).click();
    await shown.getByRole('button', { name: 'Done' }).click();
    const { items } = await at.admin.call('listKeys', {
      params: { projectId: at.projectId },
      query: { search: 'Half-way through' },
    });
    expect(items[0]).toMatchObject({ ownerId: 'customer-99', scopes: ['orders:read'] });
    // It was sent: the next one begins anew.
    await page.getByRole('button', { name: 'Create key' }).click();
    expect(await form.getByLabel('Name').inputValue()).toBe('');
    expect(await form.getByRole('button', { name: 'Start over' }).count()).toBe(0);
  });

  test.each(['Esc', 'Cancel', 'a click outside'])('outlives %s, until it is not wanted', async (way) => {
    const { page, go } = await visit(at.url, { as: ada });
    await go('/apikeys');
    const form = page.getByRole('dialog', { name: 'Create a key' });
    const leave = {
      Esc: () => page.keyboard.press('Escape'),
      Cancel: () => form.getByRole('button', { name: 'Cancel' }).click(),
      'a click outside': () => page.mouse.click(5, 5),
    }[way];
    await page.getByRole('button', { name: 'Create key' }).click();
    await form.getByLabel('Name').fill('Typed with care');
    await leave?.();
    await form.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Create key' }).click();
    await form.getByText('What you typed here before is back.').waitFor();
    expect(await form.getByLabel('Name').inputValue()).toBe('Typed with care');
    await form.getByRole('button', { name: 'Start over' }).click();
    expect(await form.getByLabel('Name').inputValue()).toBe('');
    await expect
      .poll(() => form.getByLabel('Name').evaluate((field) => field === document.activeElement))
      .toBe(true);
    await leave?.();
    await form.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Create key' }).click();
    expect(await form.getByLabel('Name').inputValue()).toBe('');
    expect(await form.getByRole('button', { name: 'Start over' }).count()).toBe(0);
  });

  test('is judged all at once, and what is wrong is marked where it is', async () => {
    const { page, go } = await visit(at.url, { as: ada });
    await go('/apikeys?dialog=create');
    const form = page.getByRole('dialog', { name: 'Create a key' });
    await form.getByLabel('Expires').selectOption('At the end of a day …');
    await form.getByLabel('Last day').fill('2001-01-01');
    await form.getByText('Scopes and addresses').click();
    await form.getByLabel('Scopes').fill('Orders!');
    await form.getByLabel('Allowed addresses').fill('nowhere');
    await form.getByRole('button', { name: 'Create key' }).click();
    await form.getByText('Give it a name.').waitFor();
    expect(await form.getByRole('alert').count()).toBe(4);
    for (const label of ['Name', 'Last day', 'Scopes', 'Allowed addresses']) {
      expect(await form.getByLabel(label).getAttribute('aria-invalid')).toBe('true');
    }
    expect(await form.getByLabel('Expires').getAttribute('aria-invalid')).not.toBe('true');
  });

  test('takes no secret for the id of an owner, and keeps none in the tab', async () => {
    const { page, go } = await visit(at.url, { as: ada });
    let sent = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST') sent++;
    });
    await go('/apikeys?dialog=create');
    const form = page.getByRole('dialog', { name: 'Create a key' });
    await form.getByLabel('Name').fill('For whom?');
    await form.getByLabel('For', { exact: true }).selectOption('Somebody else …');
    await form.getByLabel('Id of the owner').fill(secret);
    await form.getByRole('button', { name: 'Create key' }).click();
    await form.getByText(/^That is a secret/).waitFor();
    expect(sent).toBe(0);
    const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
    expect(stored).toContain('For whom?');
    expect(stored).not.toContain(secret);
  });

  test('clashes with a key of one’s own in the words of who owns it', async () => {
    const params = { projectId: at.projectId };
    const { items } = await at.admin.call('listMembers', { params });
    const body = { name: 'Mine', ownerId: items[0]?.accountId ?? '' };
    await at.admin.call('createKey', { params, body });
    const { page, go, expectFailure } = await visit(at.url, { as: ada });
    await go('/apikeys?dialog=create');
    const form = page.getByRole('dialog', { name: 'Create a key' });
    await form.getByLabel('Name').fill('Mine');
    expectFailure(/^409 POST .*\/keys$/);
    await form.getByRole('button', { name: 'Create key' }).click();
    await form.getByText(/^Another of your keys is named “Mine”/).waitFor();
  });
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

test('a window that is turned to again shows what others changed; what is open, typed and selected stays', async () => {
  const names = ['Leaves the list', 'Stays on the list'];
  const made = names.map((name) =>
    at.admin.call('createKey', { params: { projectId: at.projectId }, body: { name } }),
  );
  const [leaving] = await Promise.all(made);
  const { page, go } = await visit(at.url, { as: ada });
  await page.clock.install();
  await go('/apikeys?q=the+list&status=active');
  await page.getByRole('checkbox', { name: 'Select Stays on the list' }).click();
  await page.getByRole('button', { name: 'Settings of Leaves the list' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const form = page.getByRole('dialog', { name: 'Rename Leaves the list' });
  await form.getByLabel('New name').fill('Typed with care');
  await at.admin.call('deactivateKey', { params: { keyId: leaving?.key.id ?? '' } });
  await page.clock.fastForward('00:11');
  // The window was beside another one, and in sight all the time.
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await page.getByText('1–1 of 1').waitFor();
  expect(await form.getByLabel('New name').inputValue()).toBe('Typed with care');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await expectGone(form);
  await page.getByText('1 selected').waitFor();
});

test('a new name that was typed outlives Esc and a reload, until it is saved', async () => {
  const { key } = await at.admin.call('createKey', {
    params: { projectId: at.projectId },
    body: { name: 'Called before' },
  });
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/apikeys?dialog=rename&key=${key.id}`);
  const form = page.getByRole('dialog', { name: 'Rename Called before' });
  await form.getByLabel('New name').fill('Called anew');
  await page.keyboard.press('Escape');
  await expectGone(form);
  await go(`/apikeys?dialog=rename&key=${key.id}`);
  await form.getByText('What you typed here before is back.').waitFor();
  expect(await form.getByLabel('New name').inputValue()).toBe('Called anew');
  await form.getByRole('button', { name: 'Start over' }).click();
  expect(await form.getByLabel('New name').inputValue()).toBe('Called before');
  await form.getByLabel('New name').fill('Called anew');
  await page.keyboard.press('Enter');
  await expectGone(form);
  await go(`/apikeys?dialog=rename&key=${key.id}`);
  await page.getByRole('dialog', { name: 'Rename Called anew' }).waitFor();
  expect(await page.getByRole('button', { name: 'Start over' }).count()).toBe(0);
});

test('cards are sorted as the table is, by a choice in place of its heads', async () => {
  for (const name of ['Sorted B', 'Sorted A', 'Sorted C'])
    await at.admin.call('createKey', { params: { projectId: at.projectId }, body: { name } });
  const { page, go } = await visit(at.url, { as: ada, width: 360, theme: 'dark' });
  await go('/apikeys?q=Sorted');
  const sort = page.getByLabel('Sort', { exact: true });
  const first = page.getByRole('link', { name: /^Sorted/ }).first();
  await expect.poll(() => first.textContent()).toBe('Sorted C');
  expect(await sort.inputValue()).toBe('-createdAt');
  await sort.selectOption('Name ↑');
  await expect.poll(() => first.textContent()).toBe('Sorted A');
  await page.reload();
  await expect.poll(() => first.textContent()).toBe('Sorted A');
  await expectToFit(page);
  // Both choices can be read.
  for (const choice of [sort, page.getByLabel('Status', { exact: true })])
    expect((await choice.boundingBox())?.width).toBeGreaterThan(120);
});
