// The guide "API Keys" of the channels preset, sentence by sentence and in its order.
import { presetPolicies } from '@keywright/contract';
import { expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { visit } from './support/visitor.ts';

const at = installConsole();

test('from the tab of channels to keys that are deleted', async () => {
  const projectId = at.projectId;
  await at.admin.call('updateProject', {
    params: { projectId },
    body: { preset: 'channels', policy: presetPolicies.channels },
  });
  await at.admin.call('createChannel', { params: { projectId }, body: { name: 'Weather', slug: 'weather' } });
  const { page, go, clipboard } = await visit(at.url, { as: ada });

  // "Go to the API Channels tab in the dashboard."
  await go('/');
  await page.getByRole('link', { name: 'API Channels' }).click();
  await page.getByRole('heading', { name: 'API Channels' }).waitFor();
  // "Click on the API Keys button."
  const opener = page.getByRole('button', { name: 'API Keys' });
  expect(await opener.textContent()).toBe('API Keys');
  await opener.click();

  // "A dialog box will appear, displaying a table of all previously generated API keys."
  const dialog = page.getByRole('dialog', { name: 'API Keys of Weather' });
  const table = dialog.getByRole('table');
  // "If no keys have been created yet, the table will appear empty."
  await table.getByText('No keys yet').waitFor();
  expect(await table.getByRole('columnheader').allTextContents()).toStrictEqual([
    'Name',
    'API key',
    'Created',
    'Last used',
    'Status',
    'Actions',
  ]);
  expect(await table.locator('[data-key-id]').count()).toBe(0);

  const secrets: string[] = [];
  // "Operators have the ability to create multiple API keys for a single channel"
  for (const name of ['Station in Oslo', 'Station in Rome']) {
    // "Click the Generate API Key button within the dialog box."
    await dialog.getByRole('button', { name: 'Generate API Key' }).click();
    const form = page.getByRole('dialog', { name: 'Generate API Key' });
    // "Enter a descriptive name for the API key in the input field."
    await form.getByRole('textbox', { name: 'Name' }).waitFor();
    expect(await form.getByRole('textbox').count()).toBe(1);
    await form.getByRole('textbox', { name: 'Name' }).fill(name);
    // "Click Generate to create the new key."
    await form.getByRole('button', { name: 'Generate', exact: true }).click();

    // "The newly generated 64-character key will be displayed. Copy this key immediately, as it will only be visible once."
    const shown = page.getByRole('alertdialog', { name: `${name} is ready` });
    const secret = (await shown.getByTestId('secret').textContent()) ?? '';
    expect(secret).toHaveLength(64);
    await shown.getByText(/displayed only once/).waitFor();
    await shown.getByRole('button', { name: 'Copy', exact: true }).click();
    await shown.getByText('Copied: it is on your clipboard.').waitFor();
    expect(await clipboard()).toBe(secret);
    await shown.getByRole('button', { name: 'Done' }).click();
    await shown.waitFor({ state: 'detached' });
    await table.getByText(name).waitFor();
    secrets.push(secret);
  }

  // "If an API key is misplaced or lost, it cannot be retrieved."
  await page.reload();
  await table.locator('[data-key-id]').nth(1).waitFor();
  for (const secret of secrets) expect(await page.content()).not.toContain(secret);

  // The keys are the channel's.
  const verify = (key: string) => at.admin.call('verify', { body: { key, channel: 'weather' } });
  for (const secret of secrets) expect(await verify(secret)).toMatchObject({ valid: true });

  // "All API keys created by an operator will be listed in the table within the API Keys dialog box."
  expect(await table.locator('[data-key-id]').count()).toBe(2);
  // "Operators have the option to delete any API key as needed."
  for (const name of ['Station in Oslo', 'Station in Rome']) {
    await table.getByRole('button', { name: `Delete ${name}` }).click();
    const question = page.getByRole('alertdialog', { name: `Delete ${name}?` });
    await question.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText(`${name} was deleted.`).waitFor();
  }
  await table.getByText('No keys yet').waitFor();
  for (const secret of secrets) expect(await verify(secret)).toMatchObject({ code: 'not_found' });
});
