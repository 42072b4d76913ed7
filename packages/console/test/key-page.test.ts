// All about one key: what it is used for, its rotation, what it is good for, and what was done to it.
import { beforeAll, expect, test } from 'vitest';
import { client } from '../../server/test/support/client.ts';
import { ada, installConsole } from './support/installation.ts';
import { ask, untilCounted } from './support/traffic.ts';
import { expectFocus, expectGone, expectNoAxeFinding, expectToFit, visit } from './support/visitor.ts';

const at = installConsole();
const place = { keyId: '', secret: '', old: '' };

beforeAll(async () => {
  const { key, secret } = await at.admin.call('createKey', {
    params: { projectId: at.projectId },
    body: {
      name: 'Production',
      description: 'The machines behind orders',
      scopes: ['orders:read'],
      quota: { limit: 1000, period: 'month' },
    },
  });
  Object.assign(place, { keyId: key.id, old: secret });
  const one = { key: secret, ip: '203.0.113.7', userAgent: 'orders/2.1' };
  await ask(at, [one, one, one, { ...one, scopes: ['orders:write'] }]);
  await untilCounted(at, key.id, 4);
});

test('the list leads to it and is there again as it was', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys?q=Prod&sort=name');
  await page.getByRole('link', { name: 'Production' }).click();
  await page.getByRole('heading', { name: 'Production', level: 1 }).waitFor();
  await page.getByRole('tab', { name: 'Activity' }).click();
  await page.waitForURL(/tab=activity/);
  await page.getByRole('tab', { name: 'Usage' }).click();
  await page.getByRole('link', { name: 'All keys' }).click();
  await page.waitForURL(/q=Prod/);
  expect(page.url()).toContain('sort=name');
  expect(await page.getByLabel('Search keys').inputValue()).toBe('Prod');
  // It went back: forward leads to the key again.
  await page.goForward();
  await page.getByRole('heading', { name: 'Production', level: 1 }).waitFor();
});

test('it says by name which service key made it', async () => {
  const { secret } = await at.admin.call('createServiceKey', {
    body: { name: 'Billing robot', projectId: at.projectId, scopes: ['keys:write', 'keys:read'] },
  });
  const robot = client(at.url, secret);
  const params = { projectId: at.projectId };
  const { key } = await robot.call('createKey', { params, body: { name: 'By a robot' } });
  const sha256 = 'ab'.repeat(32);
  const { keyIds } = await robot.call('importKeys', {
    params,
    body: { keys: [{ name: 'Taken over', sha256 }] },
  });
  const { page, go } = await visit(at.url, { as: ada });
  for (const keyId of [key.id, ...keyIds]) {
    await go(`/apikeys/${keyId}`);
    await page.getByText('by Billing robot').waitFor();
  }
});

test('it says by name for which channel it is, however many there are', async () => {
  const params = { projectId: at.projectId };
  const { id: channelId } = await at.admin.call('createChannel', {
    params,
    body: { slug: 'first', name: 'The first' },
  });
  const { key } = await at.admin.call('createKey', { params, body: { name: 'Of the first', channelId } });
  for (let number = 1; number <= 100; number++) {
    await at.admin.call('createChannel', {
      params,
      body: { slug: `later-${number}`, name: `Later ${number}` },
    });
  }
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/apikeys/${key.id}`);
  await page.getByRole('link', { name: 'The first' }).waitFor();
});

test('usage as a chart and as a table, told apart by outcome, and where it came from', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/apikeys/${place.keyId}`);
  const usage = page.getByRole('region', { name: 'Requests with this key' });
  await usage.getByRole('figure', { name: 'Accepted: 3; Refused: 1' }).waitFor();
  await usage.locator('svg.recharts-surface').first().waitFor();
  const legend = usage.getByRole('list', { name: 'What the colours and patterns mean' });
  expect(await legend.locator('[data-code=valid]').innerText()).toMatch(/Accepted\s+3/);
  expect(await legend.locator('[data-code=insufficient_scope]').innerText()).toMatch(/Scope missing\s+1/);

  await usage.getByRole('button', { name: 'Show as table' }).click();
  await page.waitForURL(/view=table/);
  const row = usage.getByRole('row').nth(1);
  expect(await row.getByRole('cell').allTextContents()).toStrictEqual(['3', '1']);
  await usage.getByLabel('Time').selectOption('Last hour');
  await page.waitForURL(/range=hour/);
  await page.reload();
  expect(await usage.getByLabel('Time').inputValue()).toBe('hour');
  await usage.getByRole('table').waitFor();
  await page.goBack();
  expect(await usage.getByLabel('Time').inputValue()).toBe('day');

  const last = page.getByRole('region', { name: 'Last accepted request' });
  await last.getByText('203.0.113.7').waitFor();
  await last.getByText('orders/2.1').waitFor();
  const origins = page.getByRole('region', { name: 'Recent origins' });
  await origins.getByRole('listitem').filter({ hasText: '203.0.113.7' }).getByText('3 requests').waitFor();
  const refusals = page.getByRole('region', { name: 'Latest refusals' });
  await refusals.locator('summary').getByText('Scope missing', { exact: true }).click();
  await refusals.getByTestId('refusal').getByText('orders:write', { exact: true }).waitFor();
});

test('after a rotation both secrets are in sight until the old one is retired', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/apikeys/${place.keyId}`);
  await page.getByRole('button', { name: 'Rotate' }).click();
  await page.waitForURL(/dialog=rotate/);
  const rotate = page.getByRole('dialog');
  const choice = rotate.getByRole('combobox');
  await expect.poll(() => choice.evaluate((element) => element === document.activeElement)).toBe(true);
  await rotate.getByRole('button', { name: 'Rotate' }).click();
  const shown = page.getByRole('alertdialog');
  place.secret = (await shown.getByTestId('secret').textContent()) ?? '';
  await expect.poll(() => page.url()).not.toContain('dialog=');
  await shown.getByRole('button', { name: 'Copy', exact: true }).click();
  await shown.getByRole('button', { name: 'Done' }).click();

  await ask(at, [{ key: place.old }, { key: place.secret }, { key: place.secret }]);
  await untilCounted(at, place.keyId, 7);
  await page.reload();
  const panel = page.getByRole('region', { name: 'Two secrets work at present' });
  const figure = (name: string) => panel.getByRole('figure').filter({ hasText: name });
  await figure('New secret').getByText('2 accepted requests in 24 hours').waitFor();
  await figure('Old secret').getByText('4 accepted requests in 24 hours').waitFor();
  await figure('Old secret')
    .getByText(/^Last used /)
    .waitFor();

  await panel.getByRole('button', { name: 'Retire the old secret now' }).click();
  await page.waitForURL(/dialog=retire/);
  const question = page.getByRole('alertdialog', { name: /^Retire the old secret of/ });
  await question.getByTestId('still-used').getByText('accepted 4 times in the last hour').waitFor();
  await expectFocus(page, 'Cancel');
  await question.getByRole('button', { name: 'Retire the old secret now' }).click();
  await expectGone(panel);
  expect(await ask(at, [{ key: place.old }, { key: place.secret }])).toMatchObject([
    { code: 'revoked' },
    { code: 'valid' },
  ]);
});

test('what it is good for: faults at the field, and only what was changed is sent', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/apikeys/${place.keyId}?tab=settings`);
  const form = page.getByRole('form', { name: 'What it is, and what it is good for' });
  await form.getByLabel(/^Metadata/).fill('{ "plan": ');
  await form.getByRole('button', { name: 'Add a rate limit' }).click();
  const limit = form.getByTestId('rate-limit');
  await limit.getByLabel('Name').fill('burst');
  await limit.getByLabel('Requests').fill('lots');
  await limit.getByLabel('in seconds').fill('0');
  await form.getByRole('button', { name: 'Save changes' }).click();
  await form.getByText(/^This is no JSON/).waitFor();
  await limit.getByText('Must be a whole number.').waitFor();
  await limit.getByText('Must be at least 1.').waitFor();

  await form.getByLabel(/^Metadata/).fill('{ "plan": "pro" }');
  await limit.getByLabel('Requests').fill('50');
  await limit.getByLabel('in seconds').fill('60');
  await form.getByLabel(/^Allowed addresses/).fill('203.0.113.0/24 2001:db8::/32');
  const sent = page.waitForRequest((request) => request.method() === 'PATCH');
  await form.getByRole('button', { name: 'Save changes' }).click();
  expect((await sent).postDataJSON()).toStrictEqual({
    metadata: { plan: 'pro' },
    ipAllow: ['203.0.113.0/24', '2001:db8::/32'],
    rateLimits: [{ name: 'burst', limit: 50, windowSeconds: 60 }],
  });
  await page.getByText('Production is changed.').waitFor();
  const saved = await at.admin.call('getKey', { params: { keyId: place.keyId } });
  expect(saved).toMatchObject({ metadata: { plan: 'pro' }, quota: { limit: 1000 } });

  // Used up in part, then begun anew.
  await form.getByText(/^[1-9]\d* of 1,000 used$/).waitFor();
  await form.getByRole('button', { name: 'Begin anew' }).click();
  await form.getByText('0 of 1,000 used').waitFor();

  // What is typed is not lost without asking.
  await form.getByLabel('Description').fill('Something else');
  await page.getByRole('tab', { name: 'Usage' }).click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  expect(await form.getByLabel('Description').inputValue()).toBe('Something else');
  await page.getByRole('link', { name: 'All keys' }).click();
  await page
    .getByRole('alertdialog', { name: 'Leave without saving?' })
    .getByRole('button', { name: 'Stay here' })
    .click();
  expect(await form.getByLabel('Description').inputValue()).toBe('Something else');
});

test('its part of the ledger in sentences, with the way to all of it', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/apikeys/${place.keyId}?tab=activity`);
  const ledger = page.getByRole('region', { name: 'What was done to this key' });
  await ledger.getByText('ada retired the old secret of the key Production').waitFor();
  await ledger.getByText('ada rotated the key Production').waitFor();
  await ledger.getByRole('link', { name: 'Show all in Activity' }).click();
  await page.waitForURL(/\/activity\?/);
  expect(await page.getByLabel('About (an id)').inputValue()).toBe(place.keyId);
});

test('switched off with an undo, revoked, and deleted, which leads back to the list', async () => {
  const { key } = await at.admin.call('createKey', {
    params: { projectId: at.projectId },
    body: { name: 'Passing' },
  });
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  expectFailure(/^404 GET \/v1\/keys\//);
  await go(`/apikeys/${key.id}`);
  await page.getByText('No request in this time').waitFor();
  await page.getByRole('button', { name: 'Deactivate Passing' }).click();
  await page.getByText('Passing is inactive.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Deactivate Passing' }).waitFor();
  await page.getByRole('button', { name: 'Settings of Passing' }).click();
  await page.getByRole('menuitem', { name: 'Revoke' }).click();
  await page
    .getByRole('alertdialog')
    .getByLabel(/^Reason/)
    .fill('Leaked');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Leaked').waitFor();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByText('This key is revoked: nothing about it can be changed any more.').waitFor();
  await page.getByRole('button', { name: 'Settings of Passing' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'API Keys', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/apikeys');
});

test('a key that is not there is said to be not there', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  expectFailure(/^4\d\d GET \/v1\/keys\//);
  await go('/apikeys/key_unknown');
  await page.getByText('This key is not here').waitFor();
});

test.each(['light', 'dark'] as const)('axe finds nothing, and all fits, in the %s theme', async (theme) => {
  await at.admin.call('rotateKey', { params: { keyId: place.keyId }, body: {} });
  const wide = await visit(at.url, { as: ada, theme });
  for (const address of ['', '?view=table', '?tab=settings', '?tab=activity', '?dialog=retire']) {
    await wide.go(`/apikeys/${place.keyId}${address}`);
    await wide.page.getByRole('heading', { name: 'Production', level: 1 }).waitFor();
    await wide.page.waitForLoadState('networkidle');
    await expectNoAxeFinding(wide.page);
  }
  const narrow = await visit(at.url, { as: ada, theme, width: 360, height: 720 });
  for (const address of ['', '?view=table', '?tab=settings', '?tab=activity']) {
    await narrow.go(`/apikeys/${place.keyId}${address}`);
    await narrow.page.getByRole('heading', { name: 'Production', level: 1 }).waitFor();
    await narrow.page.waitForLoadState('networkidle');
    await expectToFit(narrow.page);
  }
});
