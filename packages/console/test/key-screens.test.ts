// The list of keys and every dialog over it, in both themes and at three widths: axe finds nothing, and nothing is cut off.
import { presetPolicies, presets } from '@keywright/contract';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { expectNoAxeFinding, expectToFit, visit } from './support/visitor.ts';

const at = installConsole();
let keyId = '';

beforeAll(async () => {
  const params = { projectId: at.projectId };
  await at.admin.call('updateProject', { params, body: { policy: { maxKeysPerOwner: null } } });
  for (const name of [
    'Production',
    'A name that is about as long as a name can be without being silly at all',
    'Old',
  ]) {
    const { key } = await at.admin.call('createKey', {
      params,
      body: { name, description: 'For what it is for', ownerId: 'customer-with-a-rather-long-identifier-42' },
    });
    keyId = key.id;
  }
  await at.admin.call('revokeKey', { params: { keyId } });
  const { items } = await at.admin.call('listKeys', { params, query: { search: 'Production' } });
  keyId = items[0]?.id ?? '';
});

const dialogs = ['create', 'rename', 'rotate', 'revoke', 'delete', 'deactivate'] as const;

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each([360, 768, 1440])('at %i pixels', async (width) => {
    const { page, go } = await visit(at.url, { as: ada, theme, width });
    const check = async () => {
      await expectToFit(page);
      // Colours and names are the same at every width; the cards of a narrow screen are looked at below.
      if (width === 1440) await expectNoAxeFinding(page);
    };
    await go('/apikeys');
    await page.getByText('Production').first().waitFor();
    await check();
    const previous = await boxOf(page.getByRole('button', { name: 'Previous' }));
    expect((await boxOf(page.getByRole('button', { name: 'Next' }))).y).toBe(previous.y);
    for (const dialog of dialogs) {
      await go(`/apikeys?dialog=${dialog}&key=${keyId}`);
      await page.getByRole(/create|rename|rotate/.test(dialog) ? 'dialog' : 'alertdialog').waitFor();
      await check();
    }
    await createKey(page, `Made at ${width} in ${theme}`);
    await check();
    const copy = await boxOf(page.getByRole('button', { name: 'Copy these lines' }));
    expect(copy.y + copy.height).toBeLessThanOrEqual((await boxOf(page.locator('pre'))).y);
    await page.keyboard.press('Escape');
    await page.getByText('You have not saved it yet').waitFor();
    await check();
    await page.getByRole('button', { name: 'I have saved it' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'Select Production' }).click();
    await page.getByText('1 selected').waitFor();
    await check();
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: 'Go to' }).fill('a');
    await page.getByRole('option').first().waitFor();
    await check();
  });
});

test.each(presets)(
  'the %s preset fits and has no finding, full and empty, wide and narrow',
  async (preset) => {
    const project = await at.admin.call('createProject', { body: { name: `Of ${preset}`, preset } });
    const { description, expiry } = presetPolicies[preset];
    for (const width of [1440, 360]) {
      const { page, go } = await visit(at.url, { as: ada, width, theme: width === 360 ? 'dark' : 'light' });
      const { page: found } = await at.admin.call('listKeys', { params: { projectId: project.id } });
      await go(`/apikeys?project=${project.id}`);
      if (found.total === 0) {
        await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
        await expectNoAxeFinding(page);
        await expectToFit(page);
        const { key } = await at.admin.call('createKey', {
          params: { projectId: project.id },
          body: {
            name: 'One',
            ...(description !== 'hidden' && { description: 'Its description' }),
            ...(expiry !== 'hidden' && { expiresAt: new Date(Date.now() + 86_400_000).toISOString() }),
          },
        });
        expect(key.status).toBe('active');
        await page.reload();
      }
      // Where no names are to be seen it is called by its description.
      const title = preset === 'table' ? 'Its description' : 'One';
      await page.getByRole('checkbox', { name: `Select ${title}` }).waitFor();
      await expectNoAxeFinding(page);
      await expectToFit(page);
    }
  },
);

/** Where the one element that is meant is on the screen. */
async function boxOf(element: Locator) {
  const box = await element.boundingBox();
  if (box === null) throw new Error(`${element} is not to be seen`);
  return box;
}

async function createKey(page: Page, name: string): Promise<void> {
  await page.goto('/apikeys?dialog=create');
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  await page.getByTestId('secret').waitFor();
}
