// What is chosen from: a hundred come at first, and what lies behind them is found and named too.
import { beforeAll, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { visit } from './support/visitor.ts';

const at = installConsole();
/** That which is not among the first hundred. */
let channel = { id: '', name: '' };
let project = { id: '', name: '' };

beforeAll(async () => {
  const params = { projectId: at.projectId };
  for (let number = 1; number <= 101; number++) {
    const name = `Number ${String(number).padStart(3, '0')}`;
    await at.admin.call('createChannel', { params, body: { name, slug: `number-${number}` } });
    await at.admin.call('createProject', { body: { name } });
  }
  const beyond = { limit: 100, cursor: '' };
  beyond.cursor = (await at.admin.call('listChannels', { params, query: { limit: 100 } })).page.next ?? '';
  channel = (await at.admin.call('listChannels', { params, query: beyond })).items[0] ?? channel;
  beyond.cursor = (await at.admin.call('listProjects', { query: { limit: 100 } })).page.next ?? '';
  project = (await at.admin.call('listProjects', { query: beyond })).items[0] ?? project;
});

test('the palette finds a channel behind the first hundred', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys');
  await page.getByRole('heading', { name: 'API Keys', exact: true }).waitFor();
  await page.keyboard.press('Control+K');
  const palette = page.getByRole('dialog', { name: 'Go to' });
  await palette.getByRole('combobox').fill(channel.name);
  const more = palette.getByRole('option', { name: 'Look among more channels' });
  const found = palette.getByRole('option', { name: new RegExp(`^${channel.name} ?number-`) });
  await more.click();
  await found.waitFor();
  expect(await palette.getByRole('combobox').inputValue()).toBe(channel.name);
  await found.click();
  await page.waitForURL(new RegExp(`/channels/${channel.id}`));
});

test('refusals can be chosen by a channel behind the first hundred, which an address names', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/usage');
  const choice = page.getByLabel('Channel', { exact: true });
  await choice.selectOption('More …');
  await choice.locator('option', { hasText: channel.name }).waitFor({ state: 'attached' });
  await choice.selectOption(channel.name);
  await page.waitForURL(new RegExp(channel.id));
  await page.reload();
  await expect.poll(() => choice.locator('option:checked').textContent()).toBe(channel.name);
});

test('whoever signs up can join a project behind the first hundred', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/settings?tab=instance');
  const choice = page.getByLabel('New accounts join');
  await choice.selectOption('More …');
  await choice.locator('option', { hasText: project.name }).waitFor({ state: 'attached' });
  await choice.selectOption(project.name);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.').waitFor();
  expect(await at.admin.call('getInstance')).toMatchObject({ signupProjectId: project.id });
  await page.reload();
  await expect.poll(() => choice.locator('option:checked').textContent()).toBe(project.name);
});
