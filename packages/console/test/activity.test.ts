// Who did what: the ledger of a project in sentences.
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from 'vitest';
import { ada, installConsole, type Person } from './support/installation.ts';
import { invite } from './support/member.ts';
import { expectNoAxeFinding, expectToFit, visit } from './support/visitor.ts';

const at = installConsole();
const place = { keyId: '' };
const grace: Person = { name: 'Grace', email: 'grace@example.com', password: 'correct horse staple 9' };

beforeAll(async () => {
  const params = { projectId: at.projectId };
  const { key } = await at.admin.call('createKey', { params, body: { name: 'Production' } });
  place.keyId = key.id;
  await at.admin.call('updateKey', { params: { keyId: key.id }, body: { scopes: ['orders:read'] } });
  await at.admin.call('revokeKey', { params: { keyId: key.id }, body: { reason: 'Leaked' } });
  const member = await invite(at, grace, 'member');
  await member.call('createKey', { params, body: { name: 'Of Grace' } });
});

test('sentences, newest first, which unfold and are filtered by action, actor and subject', async () => {
  const { page, go, clipboard } = await visit(at.url, { as: ada });
  await go('/activity');
  const rows = page.locator('li[data-action]');
  await rows.first().waitFor();
  expect(await rows.first().innerText()).toContain('Grace created the key Of Grace');
  const revoked = page.locator('li[data-action="key.revoked"]');
  await revoked.getByText('Reason: Leaked.').waitFor();
  await page.locator('li[data-action="key.updated"]').getByText('Changed: scopes.').waitFor();

  await revoked.locator('summary').click();
  await revoked.getByRole('button', { name: 'Copy the hash' }).click();
  await expect.poll(clipboard).toMatch(/^[0-9a-f]{64}$/);
  await revoked.getByText('"reason": "Leaked"').waitFor();
  await revoked.getByRole('button', { name: 'Only about this one' }).click();
  await page.waitForURL(new RegExp(`subject=${place.keyId}`));
  await expect.poll(() => rows.count()).toBe(3);

  await page.getByLabel('What', { exact: true }).selectOption('Key created');
  await page.waitForURL(/action=key\.created/);
  await expect.poll(() => rows.count()).toBe(1);
  await page.reload();
  await rows.first().waitFor();
  expect(await rows.count()).toBe(1);
  await page.goBack();
  await expect.poll(() => rows.count()).toBe(3);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByLabel('Who', { exact: true }).selectOption('Grace');
  // Accepted the invitation, became a member, made a key.
  await expect.poll(() => rows.count()).toBe(3);
  await page.getByLabel('From', { exact: true }).fill('2099-01-01');
  await page.getByText('Nothing matches').waitFor();
});

test('an owner exports what is listed; an administrator is told what can be checked', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/activity?subject=${place.keyId}`);
  await page.getByText(/cannot be checked as a chain/).waitFor();
  const save = async (name: string) => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name }).click();
    const lines = (await text(await (await download).createReadStream())).trim().split('\n');
    return lines.map((line) => JSON.parse(line) as { seq: number; action: string; body: string });
  };
  const part = await save('Export as NDJSON');
  expect(part.map(({ action }) => action)).toStrictEqual(['key.created', 'key.updated', 'key.revoked']);
  const all = await save('Export the instance');
  expect(all.map(({ seq }) => seq)).toStrictEqual(all.map((_, index) => index + 1));
});

test('a member sees what is about its own keys, and is told so', async () => {
  const { page, go } = await visit(at.url, { as: grace });
  await go(`/activity?project=${at.projectId}`);
  await page.getByText('What was changed about your own keys: who, what, when.').waitFor();
  const rows = page.locator('li[data-action]');
  await rows.first().waitFor();
  expect(await rows.count()).toBe(1);
  expect(await page.getByRole('button', { name: /^Export/ }).count()).toBe(0);
});

test.each(['light', 'dark'] as const)('axe finds nothing, and all fits, in the %s theme', async (theme) => {
  for (const width of [1440, 360]) {
    const { page, go } = await visit(at.url, { as: ada, theme, width });
    await go('/activity');
    await page.locator('li[data-action] summary').first().click();
    await page.waitForLoadState('networkidle');
    await expectNoAxeFinding(page);
    await expectToFit(page);
  }
});
