// What is chosen from: a hundred come at first, and what lies behind them is found and named too.
import { beforeAll, describe, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { inviteMember } from './support/members.ts';
import { type Visitor, visit } from './support/visitor.ts';

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

describe('with members on several pages', () => {
  /** Who came first: the list begins with who came last. */
  let early = { id: '', name: 'Early Bird' };

  beforeAll(async () => {
    await inviteMember(at, 'member', { name: early.name });
    for (let count = 0; count < 2; count++) await inviteMember(at, 'member');
    const { items } = await at.admin.call('listMembers', { params: { projectId: at.projectId } });
    early = { ...early, id: items.find(({ name }) => name === early.name)?.accountId ?? '' };
    await at.admin.call('createKey', {
      params: { projectId: at.projectId },
      body: { name: 'Of the early one', ownerId: early.id },
    });
    await at.admin.call('createKey', { params: { projectId: at.projectId }, body: { name: 'Of nobody' } });
  });

  /** Who looks at the console where a page of the members has two of them, and not a hundred. */
  async function visitWithSmallPages(): Promise<Visitor> {
    const visitor = await visit(at.url, { as: ada });
    await visitor.page.route(/\/members\?.*limit=100/, (route) =>
      route.continue({ url: route.request().url().replace('limit=100', 'limit=2') }),
    );
    return visitor;
  }

  test('a new key is for oneself, on whatever page of the members that is', async () => {
    const { page, go } = await visitWithSmallPages();
    await page.route(/\/members\?.*cursor=/, () => {});
    await go('/apikeys?dialog=create');
    const form = page.getByRole('dialog', { name: 'Create a key' });
    const owner = form.getByLabel('For', { exact: true });
    await expect.poll(() => owner.locator('option').count()).toBeGreaterThan(3);
    expect(await owner.locator('option:checked').textContent()).toBe('ada (you)');
    await form.getByLabel('Name').fill('Mine');
    await form.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('It is displayed only once').waitFor();
    const { items } = await at.admin.call('listKeys', {
      params: { projectId: at.projectId },
      query: { search: 'Mine' },
    });
    const { items: members } = await at.admin.call('listMembers', { params: { projectId: at.projectId } });
    expect(items[0]?.ownerId).toBe(members.find(({ email }) => email === ada.email)?.accountId);
  });

  test('an owner is named on whatever page of the members it is, and its keys are found from there', async () => {
    const { page, go } = await visitWithSmallPages();
    await go('/members');
    await page.getByRole('link', { name: `1 key of ${early.name}` }).click();
    await page.waitForURL(new RegExp(`owner=${early.id}`));
    const rows = page.getByRole('row');
    await rows.filter({ hasText: 'Of the early one' }).filter({ hasText: early.name }).waitFor();
    expect(await rows.count()).toBe(2);
    await page.getByRole('button', { name: `Owner: ${early.name}` }).click();
    await rows.filter({ hasText: 'Of nobody' }).waitFor();
    expect(page.url()).not.toContain('owner=');
  });
});
