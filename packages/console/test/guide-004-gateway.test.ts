// The guide "How to generate API Key" of the gateway preset, sentence by sentence and in its order.
import { presetPolicies } from '@keywright/contract';
import { expect, test } from 'vitest';
import { colourOf } from './support/colour.ts';
import { ada, installConsole } from './support/installation.ts';
import { visit } from './support/visitor.ts';

const at = installConsole();

test('from the sidebar to a key that is switched off', async () => {
  await at.admin.call('updateProject', {
    params: { projectId: at.projectId },
    body: { preset: 'gateway', policy: presetPolicies.gateway },
  });
  await at.admin.call('updateInstance', { body: { supportUrl: 'https://care.example.com/' } });
  const { page, go } = await visit(at.url, { as: ada });

  // "On the left sidebar, you will see a menu with several options such as … API Gateway, … API Key Generation …"
  await go('/usage');
  const sidebar = page.getByRole('navigation', { name: 'Sections' });
  await sidebar.getByRole('link', { name: 'API Key Generation' }).waitFor();
  // "Click on API Gateway to access the API management section."
  await sidebar.getByRole('link', { name: 'API Gateway' }).click();
  await page.waitForURL('**/apikeys**');

  // "If you have not created any API keys yet, the screen will be blank."
  await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
  expect(await page.getByRole('table').count()).toBe(0);
  // "Click on the black button that says + Create API Auth Key."
  const create = page.getByRole('button', { name: '+ Create API Auth Key', exact: true });
  await create.waitFor();
  expect(await create.count()).toBe(1);
  expect(await colourOf(create, 'background')).toBe('black');
  await create.click();

  // "A pop-up window will appear, prompting you to enter details for the new API key."
  const form = page.getByRole('dialog', { name: 'Create API Auth Key' });
  // "Provide a Key Name for easy identification. For example, you can name it "Swaggy M.""
  await form.getByLabel('Key Name').fill('Swaggy M.');
  // "Optionally, you can add a Key Description to describe the purpose or scope of the key."
  await form.getByText('Key Description').getByText('optional').waitFor();
  await form.getByLabel('Key Description').fill('For the market of the north');
  // "… click on the Create Now button to generate the key."
  await form.getByRole('button', { name: 'Create Now' }).click();
  const shown = page.getByRole('alertdialog');
  const secret = (await shown.getByTestId('secret').textContent()) ?? '';
  await shown.getByRole('button', { name: 'Copy', exact: true }).click();
  await shown.getByText('Copied: it is on your clipboard.').waitFor();
  await shown.getByRole('button', { name: 'Done' }).click();

  // "Once created, your API keys will be listed in the API Key Generation section."
  await go('/activity');
  await sidebar.getByRole('link', { name: 'API Key Generation' }).click();
  await page.getByRole('heading', { name: 'API Key Generation' }).waitFor();
  // "… details such as the Key Name, Last Used date, API Auth Key, Date Created, and Status."
  await page.getByRole('table').waitFor();
  expect(await page.getByRole('columnheader').allTextContents()).toStrictEqual([
    'Key Name',
    'Last Used',
    'API Auth Key',
    'Date Created',
    'Status',
  ]);
  const row = page.getByRole('row').filter({ hasText: 'Swaggy M.' });
  await row.getByText('Never').waitFor();
  await row.getByText(`${secret.slice(0, 7)}…${secret.slice(-4)}`).waitFor();
  const today = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' }).format(new Date());
  await row.getByText(today).waitFor();
  await row.getByRole('button', { name: 'Description' }).hover();
  await page.getByRole('tooltip').getByText('For the market of the north').waitFor();

  // "API keys are used to authenticate requests associated with your project"
  const verify = () => at.admin.call('verify', { body: { key: secret } });
  expect(await verify()).toMatchObject({ valid: true, key: { projectId: at.projectId } });
  await expect
    .poll(
      async () => {
        await page.reload();
        await row.waitFor();
        return row.getByText(/second|now/).count();
      },
      { timeout: 20_000 },
    )
    .toBe(1);

  // "You can activate or deactivate keys using the toggle switch under the Status column."
  const toggle = row.getByRole('cell').last().getByRole('switch');
  await toggle.click();
  await row.getByText('Inactive', { exact: true }).waitFor();
  expect(await verify()).toMatchObject({ valid: false, code: 'inactive' });
  await toggle.click();
  await row.getByText('Active', { exact: true }).waitFor();
  expect(await verify()).toMatchObject({ valid: true });

  // "If you encounter any issues …, please raise a support ticket"
  const support = page.getByRole('link', { name: /Support/ });
  expect(await support.getAttribute('href')).toBe('https://care.example.com/');
});
