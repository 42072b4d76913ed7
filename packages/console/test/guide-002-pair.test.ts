// The guide "Step-by-step guide on API key management" of the pair preset, sentence by sentence and in its order.
import { presetPolicies } from '@keywright/contract';
import { expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { expectGone, visit } from './support/visitor.ts';

const at = installConsole();

test('from the first key to renaming and deleting', async () => {
  await at.admin.call('updateProject', {
    params: { projectId: at.projectId },
    body: { preset: 'pair', policy: presetPolicies.pair },
  });
  const { page, go, clipboard, expectFailure } = await visit(at.url, { as: ada });
  await go('/apikeys');
  const add = page.getByRole('button', { name: 'Add key' });
  const shown = page.getByRole('alertdialog');

  // "To create the first key, click on the "Add key" button."
  await add.click();
  // "… a modal window with information about your key and the secret key for the key you created"
  const publicId = (await shown.getByTestId('public-id').textContent()) ?? '';
  const secret = (await shown.getByTestId('secret').textContent()) ?? '';
  expect(secret).toMatch(/^kw_[0-9A-Za-z]{61}$/);
  await shown.getByText('Secret key', { exact: true }).waitFor();
  // "The secret key information will not be displayed again."
  await shown.getByText(/displayed only once/).waitFor();
  // "You can copy the secret key by clicking on the "Copy" button, which saves the secret key to the clipboard"
  await shown.getByRole('button', { name: 'Copy', exact: true }).click();
  await shown.getByText('Copied: it is on your clipboard.').waitFor();
  expect(await clipboard()).toBe(secret);
  // "… the secret key should not be disclosed to anyone."
  await shown.getByText(/Never share it/).waitFor();
  await shown.getByRole('button', { name: 'Done' }).click();

  // "Now information about it is available in the interface: The default name of the API key …"
  const rowOf = (name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  const row = rowOf('Key 1');
  await row.waitFor();
  // "The date of creation", "The key itself"
  const today = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' }).format(new Date());
  await row.getByText(today).waitFor();
  await row.getByText(publicId, { exact: true }).waitFor();
  await row.getByRole('button', { name: 'Copy the public id of Key 1' }).click();
  expect(await clipboard()).toBe(publicId);

  // "A switch button that displays the status of the key (active/inactive). This can also be controlled …"
  const verify = () => at.admin.call('verify', { body: { publicId, secret } });
  expect(await verify()).toMatchObject({ valid: true });
  const toggle = row.getByRole('switch');
  expect(await toggle.isChecked()).toBe(true);
  await row.getByText('Active', { exact: true }).waitFor();
  await toggle.click();
  await row.getByText('Inactive', { exact: true }).waitFor();
  expect(await toggle.isChecked()).toBe(false);
  expect(await verify()).toMatchObject({ valid: false, code: 'inactive' });
  await toggle.click();
  await row.getByText('Active', { exact: true }).waitFor();
  expect(await verify()).toMatchObject({ valid: true });

  // "Please note that only 10 keys are available for you to create. When the maximum is reached, the "Add Key" button
  // becomes inactive."
  for (let number = 2; number <= 10; number++) {
    await add.click();
    await shown.getByText(`Key ${number} is ready`).waitFor();
    await shown.getByRole('button', { name: 'Copy', exact: true }).click();
    await shown.getByRole('button', { name: 'Done' }).click();
    await rowOf(`Key ${number}`).waitFor();
  }
  await page.getByText('10 of 10 keys').waitFor();
  expect(await add.getAttribute('aria-disabled')).toBe('true');

  // "Use the settings button (three vertical dots) opposite the key you need and select the "Delete" action."
  const choose = async (name: string, action: string) => {
    await rowOf(name)
      .getByRole('button', { name: `Settings of ${name}` })
      .click();
    await page.getByRole('menuitem', { name: action, exact: true }).click();
  };
  await choose('Key 1', 'Delete');
  // "Next, you will see a warning that this action cannot be undone."
  const warning = page.getByRole('alertdialog', { name: 'Delete Key 1?' });
  await warning.getByText(/cannot be undone/).waitFor();
  // "… select the "Delete" action, when you click on which the key is deleted and disappears from the interface."
  await warning.getByRole('button', { name: 'Delete' }).click();
  await expectGone(row);
  expect(await verify()).toMatchObject({ valid: false, code: 'not_found' });
  // "After that, you will see a message about the successful deletion of the key"
  await page.getByText('Key 1 was deleted.').waitFor();
  await page.getByText('9 of 10 keys').waitFor();
  // "(or an error if an error occurred during deletion …)"
  const { items } = await at.admin.call('listKeys', {
    params: { projectId: at.projectId },
    query: { search: 'Key 2' },
  });
  const keyId = items[0]?.id ?? '';
  await choose('Key 2', 'Delete');
  await page.getByRole('alertdialog', { name: 'Delete Key 2?' }).waitFor();
  await page.route(`**/v1/keys/${keyId}`, (route) =>
    route.request().method() === 'DELETE' ? route.abort('connectionreset') : route.fallback(),
  );
  expectFailure(/^failed: DELETE/);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Key 2 was not deleted.').waitFor();
  await page.unroute(`**/v1/keys/${keyId}`);
  // "in this case, try repeating the steps above"
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expectGone(rowOf('Key 2'));

  // "Use the settings button (three vertical dots) opposite the key you need and select the "Rename" action."
  await choose('Key 3', 'Rename');
  // "Enter a new key name (it is important that it does not exactly repeat the names of other keys that you have)"
  const form = page.getByRole('dialog', { name: 'Rename Key 3' });
  expectFailure(/^409 PATCH/);
  await form.getByLabel('New name').fill('Key 4');
  await form.getByRole('button', { name: 'Rename' }).click();
  await form.getByText(/Choose another name/).waitFor();
  await form.getByLabel('New name').fill('Billing service');
  // "… and click "Rename"." "Now you will see the new name of the changed key in the interface."
  await form.getByRole('button', { name: 'Rename' }).click();
  await rowOf('Billing service').waitFor();
  await expectGone(rowOf('Key 3'));
  await rowOf('Key 4').waitFor();
});
