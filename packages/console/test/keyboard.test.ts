// Create → copy → verify → revoke with the keyboard alone: nothing here points at anything.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { visit } from './support/visitor.ts';

const at = installConsole();

test('a key is made, copied, verified and revoked without a pointer', async () => {
  const { page, go, clipboard } = await visit(at.url, { as: ada });
  await go('/apikeys');
  await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
  await tabTo(page, 'Create key');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await expect.poll(() => focused(page)).toContain('Name');
  await page.keyboard.type('By hand');
  await page.keyboard.press('Enter');

  await page.getByRole('alertdialog').waitFor();
  await expect.poll(() => focused(page)).toBe('Copy');
  await page.keyboard.press('Space');
  await page.getByText('Copied: it is on your clipboard.').waitFor();
  const secret = await clipboard();
  expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ valid: true });
  await page.keyboard.press('Escape');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'By hand', exact: true }).waitFor();
  await chooseAndConfirm(page, 'By hand', 'Revoke');
  await page.getByText('By hand was revoked.').waitFor();
  expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ code: 'revoked' });
});

test('the palette finds a page, a key and the reference by a few letters', async () => {
  await at.admin.call('createKey', {
    params: { projectId: at.projectId },
    body: { name: 'Warehouse robots' },
  });
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys');
  await page.getByRole('link', { name: 'Warehouse robots' }).first().waitFor();
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: 'Go to' }).waitFor();
  await page.keyboard.type('Activ');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/activity**');
  await page.keyboard.press('Control+K');
  await page.keyboard.type('warehouse');
  await page
    .getByRole('option', { name: /Warehouse robots/ })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/apikeys/key_**');
  await page.keyboard.press('Control+K');
  await page.keyboard.type('reference');
  await page.getByRole('option', { name: 'API reference' }).waitFor();
  const opened = page.context().waitForEvent('page');
  await page.keyboard.press('Enter');
  const reference = await opened;
  await reference.waitForURL('**/docs');
  // The one operation that its readers come for is in it.
  await reference.getByText('/v1/verify', { exact: true }).first().waitFor();
});

test('Enter in the palette never takes what was found for less of the text', async () => {
  const params = { projectId: at.projectId };
  await at.admin.call('createKey', { params, body: { name: 'Palette colours' } });
  await at.admin.call('createKey', { params, body: { name: 'Palettes' } });
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys');
  await page.getByRole('link', { name: 'Palettes' }).first().waitFor();
  await page.route('**/keys?*search=palette+c*', () => {});
  await page.keyboard.press('Control+K');
  const combobox = page.getByRole('combobox', { name: 'Go to' });
  await combobox.pressSequentially('palette');
  const keys = page.getByRole('option', { name: /^Palette/ });
  await expect.poll(() => keys.first().textContent()).toContain('Palettes');
  await combobox.pressSequentially(' c');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Palette colours' }).waitFor();
});

test('what has the focus on a narrow screen is never behind the bars that stick there', async () => {
  const { projectId } = at;
  for (const name of ['One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight'])
    await at.admin.call('createKey', { params: { projectId }, body: { name: `Covered ${name}` } });
  const { page, go } = await visit(at.url, { as: ada, width: 360, height: 740, theme: 'dark' });
  await go('/apikeys?q=Covered');
  await page.getByRole('link', { name: 'Covered Eight' }).waitFor();
  await tabTo(page, 'Select Covered Eight');
  await page.keyboard.press('Space');
  await page.getByRole('region', { name: 'Selected keys' }).waitFor();
  const covered: string[] = [];
  for (const key of ['Tab', 'Shift+Tab']) {
    for (let step = 0; step < 16; step++) {
      await page.keyboard.press(key);
      if (await isCovered(page)) covered.push(`${key}: ${await focused(page)}`);
    }
  }
  expect(covered).toStrictEqual([]);
});

test('the focus goes on beside what is gone: a row, a button, what a dialog was opened from', async () => {
  const { projectId } = at;
  for (const name of ['Gone 1', 'Gone 2', 'Gone 3'])
    await at.admin.call('createKey', { params: { projectId }, body: { name } });
  const { page, go } = await visit(at.url, { as: ada, width: 360, height: 480, theme: 'dark' });
  await go('/apikeys?q=Gone');
  await page.getByRole('link', { name: 'Gone 2' }).waitFor();
  await chooseAndConfirm(page, 'Gone 2', 'Delete');
  await expect.poll(() => focused(page)).toBe('Select Gone 1');

  await page.keyboard.press('Space');
  await tabTo(page, 'Deactivate');
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog', { name: 'Deactivate 1 key?' }).waitFor();
  await tabTo(page, 'Deactivate 1 key');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: '1 key is inactive' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => hasFocusInSight(page)).toBe(true);

  await tabTo(page, 'Clear filters', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('Sort');
});

/** Chooses in the menu of a key, by its first letters, and says yes to the question that comes. */
async function chooseAndConfirm(page: Page, key: string, entry: string): Promise<void> {
  await tabTo(page, `Settings of ${key}`);
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: entry }).waitFor();
  await page.keyboard.type(entry.slice(0, 3));
  await expect.poll(() => focused(page)).toBe(entry);
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog', { name: `${entry} ${key}?` }).waitFor();
  // It begins with the way out.
  await expect.poll(() => focused(page)).toBe('Cancel');
  await tabTo(page, entry);
  await page.keyboard.press('Enter');
}

/** What has the focus, by its name. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const label = labels.map(({ textContent }) => textContent).join(' ');
    return element?.getAttribute('aria-label') ?? (label || element?.textContent?.trim() || '');
  });
}

async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press(key);
    if ((await focused(page)) === name) return;
  }
  throw new Error(`The keyboard does not get to "${name}".`);
}

/** Whether a part of what has the focus lies behind something that sticks to an edge of the window. */
function isCovered(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { top, bottom } = document.activeElement?.getBoundingClientRect() ?? new DOMRect();
    const bars = [...document.querySelectorAll('header, section')].filter(
      (bar) => getComputedStyle(bar).position === 'sticky' && !bar.contains(document.activeElement),
    );
    return bars.map((bar) => bar.getBoundingClientRect()).some((bar) => top < bar.bottom && bottom > bar.top);
  });
}

/** Whether something on the page itself has the focus, where it can be seen. */
function hasFocusInSight(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const holder = document.activeElement;
    const { top, bottom } = holder?.getBoundingClientRect() ?? new DOMRect();
    return holder?.parentElement?.closest('#main') != null && top >= 0 && bottom <= innerHeight;
  });
}
