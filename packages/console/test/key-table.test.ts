// What the list has room for: every column at every width, whatever is in it, and the same columns on the cards of a phone.
import { presetPolicies } from '@keywright/contract';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { addPerson } from './support/people.ts';
import { expectToFit, visit } from './support/visitor.ts';

const at = installConsole();
const longName = 'The nightly export of all orders to the warehouse in Rotterdam, second attempt';
const longOwner = 'customer-with-a-rather-long-identifier-of-its-own-4711';

beforeAll(async () => {
  const params = { projectId: at.projectId };
  const { id } = await addPerson(at, at.projectId, 'Margaret Hamilton', 'member');
  const expiresAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
  for (const [name, ownerId] of [
    [longName, longOwner],
    ['Averyverylongnamewithoutanyspacesinitatallwhichcannotbebroken', id],
    ['Short', id],
  ] as const) {
    const body = { name, ownerId, description: 'For what it is for', expiresAt };
    const { secret } = await at.admin.call('createKey', { params, body });
    await at.admin.call('verify', { body: { key: secret } });
  }
  await at.admin.call('updateProject', { params, body: { policy: { format: 'pair' } } });
  await at.admin.call('createKey', { params, body: { name: `A pair. ${longName}`, ownerId: longOwner } });
});

describe('the table', () => {
  test.each([1280, 1440, 1536, 1920, 2560])('shows all of its columns at %i pixels', async (width) => {
    const { page, go } = await visit(at.url, { as: ada, width });
    await go('/apikeys');
    const row = page.getByRole('row').filter({ hasText: longName }).last();
    await row.waitFor();
    expect(await page.getByRole('columnheader').count()).toBe(9);
    expect(await overflowOf(page)).toBe(0);
    await expectToFit(page);
    for (const menu of await page.getByRole('button', { name: /^Settings of/ }).all()) {
      expect(await isInSight(page, await menu.boundingBox())).toBe(true);
    }
    // What is cut off is told in full.
    expect(await row.getByRole('link').getAttribute('title')).toBe(longName);
    expect(await row.getByTitle(longOwner).count()).toBe(1);
  });

  test('uses the room of a wide screen', async () => {
    const { page, go } = await visit(at.url, { as: ada, width: 1920 });
    await go('/apikeys');
    expect((await page.getByRole('table').boundingBox())?.width).toBeGreaterThan(1400);
    const owner = page.getByText('Margaret Hamilton').first();
    expect(await owner.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  });

  test('does not move when a time counts on', async () => {
    const { page, go } = await visit(at.url, { as: ada, width: 1280 });
    await go('/apikeys');
    const time = page.locator('tbody time[tabindex]', { hasText: /ago|now/ }).first();
    await time.waitFor();
    const lefts = () =>
      page
        .getByRole('columnheader')
        .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().left));
    const before = await lefts();
    for (const text of ['now', '59 minutes ago', '15 seconds ago']) {
      await time.evaluate((element, said) => {
        element.textContent = said;
      }, text);
      expect(await lefts()).toStrictEqual(before);
    }
  });

  test('gives way to cards where it has no room', async () => {
    const { page, go } = await visit(at.url, { as: ada, width: 1024 });
    await go('/apikeys');
    await page.getByText(longName).first().waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    await expectToFit(page);
    await page.getByRole('button', { name: `Settings of ${longName}`, exact: true }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
  });
});

test('on a card nothing lies over what a pair has to copy', async () => {
  const { id: projectId } = await at.admin.call('createProject', { body: { name: 'Pairs', preset: 'pair' } });
  await at.admin.call('createKey', { params: { projectId }, body: { name: 'One' } });
  const { page, go } = await visit(at.url, { as: ada, width: 360, height: 780 });
  await go(`/apikeys?project=${projectId}`);
  for (const name of ['Copy the public id of One', 'Settings of One']) {
    await page.getByRole('button', { name, exact: true }).click({ trial: true });
  }
  await expectToFit(page);
});

describe('in the look that has no names', () => {
  const description = 'Pays the suppliers on Fridays';
  let projectId = '';

  beforeAll(async () => {
    const project = await at.admin.call('createProject', { body: { name: 'Tables', preset: 'table' } });
    projectId = project.id;
    expect(project.policy).toMatchObject(presetPolicies.table);
    await at.admin.call('createKey', { params: { projectId }, body: { description } });
  });

  test('a phone shows the columns of the table and nothing else', async () => {
    const { page, go } = await visit(at.url, { as: ada, width: 360, height: 780 });
    await go(`/apikeys?project=${projectId}`);
    const card = page.getByRole('listitem').filter({ hasText: description });
    await card.getByText('API Key', { exact: true }).waitFor();
    expect(await card.locator('dt').allTextContents()).toStrictEqual(['Description', 'Expires']);
    for (const name of [`Deactivate ${description}`, `Delete ${description}`]) {
      await card.getByRole('button', { name }).waitFor();
    }
    expect(await page.getByText('Key 1', { exact: true }).count()).toBe(0);
    await expectToFit(page);
  });

  test('a key is called by its description from its making to its end', async () => {
    const { page, go } = await visit(at.url, { as: ada });
    await go(`/apikeys?project=${projectId}`);
    await page.getByRole('button', { name: 'Generate New API Key' }).click();
    const form = page.getByRole('dialog', { name: 'Generate New API Key' });
    await form.getByLabel('Description').fill('Reads the meters');
    await form.getByRole('button', { name: 'Generate API Key', exact: true }).click();
    const shown = page.getByRole('alertdialog', { name: 'Reads the meters is ready' });
    await shown.getByRole('button', { name: 'Copy', exact: true }).click();
    await shown.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('checkbox', { name: 'Select Reads the meters' }).click();
    await page.getByRole('button', { name: 'Clear the selection' }).click();
    await page.getByRole('button', { name: 'Deactivate Reads the meters' }).click();
    const question = page.getByRole('alertdialog', { name: 'Deactivate Reads the meters?' });
    await question.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByText('Reads the meters is inactive.').waitFor();
    await page.getByRole('button', { name: 'Settings of Reads the meters' }).click();
    await page.getByRole('menuitem', { name: 'Details' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Rename' }).count()).toBe(0);
    await page.getByRole('menuitem', { name: 'Details' }).click();
    await page.getByRole('heading', { name: 'Reads the meters', level: 1 }).waitFor();
  });
});

test('where keys have names every dialog says the name, whatever the description is', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  const { items } = await at.admin.call('listKeys', {
    params: { projectId: at.projectId },
    query: { search: 'Short' },
  });
  for (const [dialog, title] of [
    ['deactivate', 'Deactivate Short?'],
    ['revoke', 'Revoke Short?'],
    ['delete', 'Delete Short?'],
  ] as const) {
    await go(`/apikeys?dialog=${dialog}&key=${items[0]?.id}`);
    await page.getByRole('alertdialog', { name: title }).waitFor();
  }
});

test('a long name without spaces stays in the title of a dialog', async () => {
  const { page, go } = await visit(at.url, { as: ada, width: 360 });
  const { items } = await at.admin.call('listKeys', {
    params: { projectId: at.projectId },
    query: { search: 'Averyvery' },
  });
  await go(`/apikeys?dialog=delete&key=${items[0]?.id}`);
  const title = page.getByRole('alertdialog').getByRole('heading');
  await title.waitFor();
  expect(await title.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
});

/** By how much the table is wider than what it stands in. */
function overflowOf(page: Page): Promise<number> {
  return page
    .getByRole('table')
    .evaluate(({ parentElement: around }) => (around ? around.scrollWidth - around.clientWidth : -1));
}

async function isInSight(page: Page, box: { x: number; width: number } | null): Promise<boolean> {
  const card = await page.getByRole('region', { name: 'API Keys' }).boundingBox();
  return box !== null && card !== null && box.x + box.width <= card.x + card.width;
}

test('in another language of the browser dates are written as there, and words stay those of the console', async () => {
  const { page, go } = await visit(at.url, { as: ada, width: 1440, locale: 'de-DE' });
  await go('/apikeys');
  await page
    .locator('time', { hasText: /^\d{1,2}\.\d{1,2}\.\d{4}$/ })
    .first()
    .waitFor();
  await page
    .locator('time', { hasText: /ago|now/ })
    .first()
    .waitFor();
});

test('where the system forces its colours, buttons have an edge, switches a state and tabs a choice', async () => {
  const params = { projectId: at.projectId };
  const { page, go } = await visit(at.url, { as: ada, forcedColors: true });
  await go('/apikeys?dialog=create');
  const submit = page.getByRole('dialog').getByRole('button', { name: 'Create key' });
  expect(await submit.evaluate((button) => getComputedStyle(button).borderTopWidth)).toBe('1px');
  await go('/settings');
  await page.getByRole('tab', { name: 'Policy' }).waitFor();
  const edges = await page
    .getByRole('tab')
    .evaluateAll((tabs) => tabs.map((tab) => getComputedStyle(tab).borderBottomColor));
  expect(edges[0]).not.toBe(edges[1]);
  await at.admin.call('updateProject', { params, body: { preset: 'gateway' } });
  await go('/apikeys');
  const [track, thumb] = await page
    .getByRole('switch')
    .first()
    .evaluate((button) =>
      [button, button.firstElementChild ?? button].map((each) => getComputedStyle(each).backgroundColor),
    );
  expect(thumb).not.toBe(track);
});
