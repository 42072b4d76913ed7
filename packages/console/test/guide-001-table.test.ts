// The guide "API Keys" of the table preset, sentence by sentence and in its order.
import { presetPolicies } from '@keywright/contract';
import { expect, test } from 'vitest';
import { colourOf } from './support/colour.ts';
import { ada, installConsole } from './support/installation.ts';
import { expectGone, visit } from './support/visitor.ts';

const at = installConsole();

test('from an empty table to pages of keys', async () => {
  await at.admin.call('updateProject', {
    params: { projectId: at.projectId },
    body: { preset: 'table', policy: presetPolicies.table },
  });
  const { page, go, clipboard, expectFailure } = await visit(at.url, { as: ada });

  // "Navigate to the API Keys Menu via the dashboard."
  await go('/');
  await page.getByRole('link', { name: 'API Keys' }).click();

  // "Click the Generate New API Key button."
  await page.getByRole('button', { name: 'Generate New API Key' }).click();
  const form = page.getByRole('dialog', { name: 'Generate New API Key' });
  // "In the popup modal: Provide a brief Description for the API key. Set an Expiry Date (optional)."
  await form.getByLabel('Description').waitFor();
  expect(await form.getByRole('textbox').count()).toBe(1);
  await form.getByLabel('Description').fill('Nightly export of orders');
  const expiry = form.getByLabel(/^Expiry Date/);
  await form.getByText('Expiry Date').getByText('optional').waitFor();
  await expiry.selectOption('At the end of a day …');
  await form.getByLabel('Last day').fill('2099-12-31');
  // "Click Generate API Key."
  await form.getByRole('button', { name: 'Generate API Key', exact: true }).click();
  // "Copy the generated API key from the popup and store it in a secure location."
  const shown = page.getByRole('alertdialog');
  const secret = (await shown.getByTestId('secret').textContent()) ?? '';
  expect(secret).toHaveLength(64);
  // "The API key is displayed only once."
  await shown.getByText(/displayed only once/).waitFor();
  await shown.getByRole('button', { name: 'Copy', exact: true }).click();
  await shown.getByText('Copied: it is on your clipboard.').waitFor();
  expect(await clipboard()).toBe(secret);
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.reload();
  await page.getByRole('row').nth(1).waitFor();
  expect(await page.content()).not.toContain(secret);

  // "The API keys table provides an overview of all API keys with the following columns"
  const headers = await page.getByRole('columnheader').allTextContents();
  expect(headers).toStrictEqual(['API Key', 'Description', 'Expires', 'Actions']);
  const row = page.getByRole('row').filter({ hasText: 'Nightly export of orders' });
  // "Obfuscated representation of the API key."
  await row.getByText(`${secret.slice(0, 7)}…${secret.slice(-4)}`).waitFor();
  // "Expiry date of the API key (or "Never" if no expiry is set)."
  await row.getByText('Dec 31, 2099').waitFor();
  await page.getByRole('button', { name: 'Generate New API Key' }).click();
  await form.getByLabel('Description').fill('Without an end');
  await form.getByRole('button', { name: 'Generate API Key', exact: true }).click();
  await shown.getByRole('button', { name: 'Copy', exact: true }).click();
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('row').filter({ hasText: 'Without an end' }).getByText('Never').waitFor();

  // "Click the Activate or Deactivate button in the Actions column." "Deactivate: Red button for active keys."
  const verify = () => at.admin.call('verify', { body: { key: secret } });
  const deactivate = row.getByRole('button', { name: 'Deactivate Nightly export of orders' });
  expect(await deactivate.textContent()).toBe('Deactivate');
  expect(await colourOf(deactivate, 'background')).toBe('red');
  await deactivate.click();
  // "Confirm the action if prompted."
  await page.getByRole('alertdialog').getByRole('button', { name: 'Deactivate' }).click();
  // "The button label and color will update based on the new state." "Activate: Green button for inactive keys."
  const activate = row.getByRole('button', { name: 'Activate Nightly export of orders', exact: true });
  await activate.waitFor();
  expect(await activate.textContent()).toBe('Activate');
  expect(await colourOf(activate, 'background')).toBe('green');
  expect(await verify()).toMatchObject({ valid: false, code: 'inactive' });
  await activate.click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Activate', exact: true }).click();
  await deactivate.waitFor();
  expect(await verify()).toMatchObject({ valid: true });

  // "All errors during API key operations … are displayed as notifications"
  const { items } = await at.admin.call('listKeys', {
    params: { projectId: at.projectId },
    query: { search: 'Without' },
  });
  const lost = page.getByRole('row').filter({ hasText: 'Without an end' });
  const keyId = items[0]?.id ?? '';
  await lost.getByRole('button', { name: 'Deactivate Without an end' }).waitFor();
  await at.admin.call('deleteKey', { params: { keyId } });
  expectFailure(new RegExp(`^404 (GET|POST) /v1/keys/${keyId}`));
  await lost.getByRole('button', { name: 'Deactivate Without an end' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Deactivate' }).click();
  const failure = page.locator('[data-sonner-toast][data-type=error]');
  await failure.getByText('was not deactivated').waitFor();
  await failure.getByText(/^req_/).waitFor();
  await expectGone(lost);

  // "Hover over the Description icon in the table for more details about each API key."
  await row.getByRole('button', { name: 'Description' }).hover();
  const tooltip = page.getByRole('tooltip').filter({ hasText: 'Nightly export of orders' });
  await tooltip.waitFor();
  // Of names, which nobody was asked for, it says nothing.
  expect(await tooltip.textContent()).not.toContain('Key 1');
  expect(await page.getByRole('searchbox').getAttribute('placeholder')).toBe('Description, owner or id');
  await page.mouse.move(0, 0);
  await page.getByRole('button', { name: /^Go to/ }).click();
  const palette = page.getByRole('dialog', { name: 'Go to' });
  await palette.getByRole('combobox').fill('Nightly');
  await palette.getByRole('option', { name: /^Nightly export of orders/ }).waitFor();
  await page.keyboard.press('Escape');

  // "Click the Delete button in the Actions column for the specific key." "Confirm the action in the popup modal."
  await row.getByRole('button', { name: 'Delete Nightly export of orders' }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete Nightly export of orders?' });
  await question.getByText(/cannot be undone/).waitFor();
  await question.getByRole('button', { name: 'Delete' }).click();
  // "The key will be removed from the table."
  await expectGone(row);
  expect(await verify()).toMatchObject({ valid: false, code: 'not_found' });

  // "The pagination controls help navigate through multiple API keys"
  for (let number = 1; number <= 45; number++) {
    await at.admin.call('createKey', {
      params: { projectId: at.projectId },
      body: { name: `Key ${number}`, description: `Import ${number}` },
    });
  }
  await go('/apikeys');
  const [previous, next] = ['Previous', 'Next'].map((name) => page.getByRole('button', { name }));
  await page.getByText('1–20 of 45').waitFor();
  // "Previous Button … Disabled if no previous data exists."
  expect(await previous?.isDisabled()).toBe(true);
  await next?.click();
  await page.getByText('21–40 of 45').waitFor();
  expect(await previous?.isDisabled()).toBe(false);
  await next?.click();
  await page.getByText('41–45 of 45').waitFor();
  // "Next Button … Disabled if no further data exists."
  expect(await next?.isDisabled()).toBe(true);
  expect(await page.getByRole('row').count()).toBe(1 + 5);
  await previous?.click();
  await page.getByText('21–40 of 45').waitFor();
  await page.goBack();
  await page.getByText('41–45 of 45').waitFor();
  await page.reload();
  await page.getByText('41–45 of 45').waitFor();
});
