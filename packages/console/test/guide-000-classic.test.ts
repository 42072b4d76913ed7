// The guide "API Keys" of the classic preset, sentence by sentence and in its order.
import { expect, test } from 'vitest';
import { colourOf } from './support/colour.ts';
import { ada, installConsole } from './support/installation.ts';
import { visit } from './support/visitor.ts';

const at = installConsole();

test('from signing in to a revoked key', async () => {
  await at.admin.call('updateProject', { params: { projectId: at.projectId }, body: { preset: 'classic' } });
  await at.admin.call('updateInstance', {
    body: { supportUrl: 'https://support.example.com/', docsUrl: 'https://docs.example.com/' },
  });
  const { page, go, expectFailure, clipboard } = await visit(at.url);

  // "Log in to your account on our platform."
  await go('/apikeys');
  await page.waitForURL('**/sign-in?to=**');
  await page.getByLabel('E-mail').fill(ada.email);
  await page.getByLabel('Password').fill(ada.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();

  // "Navigate to the API Keys section."
  await page.getByRole('link', { name: 'API Keys' }).click();
  await page.waitForURL('**/apikeys**');
  await page.getByRole('heading', { name: 'API Keys', exact: true }).waitFor();

  // "Do not share your API keys …, may result in unexpected billing."
  await page.getByText(/Never share your API keys/).waitFor();
  await page.getByText(/on your bill/).waitFor();

  // "Click on the "Generate new key" button." "… customize your API keys with descriptive names."
  const secrets: string[] = [];
  for (let number = 1; number <= 10; number++) {
    await page.getByRole('button', { name: 'Generate new key' }).click();
    const form = page.getByRole('dialog', { name: 'Generate new key' });
    await form.getByLabel('Name').fill(`Marketplace ${number}`);
    await form.getByRole('button', { name: 'Generate', exact: true }).click();
    const secret = page.getByRole('alertdialog');
    await secret.getByText(`Marketplace ${number} is ready`).waitFor();
    expect(await secret.getByTestId('secret').textContent()).toMatch(/^kw_[0-9A-Za-z]{61}$/);
    await secret.getByRole('button', { name: 'Copy', exact: true }).click();
    await secret.getByText('Copied: it is on your clipboard.').waitFor();
    secrets.push(await clipboard());
    await secret.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('link', { name: `Marketplace ${number}`, exact: true }).waitFor();
  }

  // "You can generate up to 10 API keys."
  await page.getByText('10 of 10 keys').waitFor();
  const generate = page.getByRole('button', { name: 'Generate new key' });
  expect(await generate.getAttribute('aria-disabled')).toBe('true');
  await generate.click({ force: true });
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.getByText('You have all 10 keys that are allowed here.').first().waitFor();
  // Nor does the server take an eleventh from a page that is out of date.
  expectFailure(/^409 POST .*\/keys$/);
  await go('/apikeys?dialog=create');
  await page.getByRole('dialog').getByLabel('Name').fill('One too many');
  await page.getByRole('dialog').getByRole('button', { name: 'Generate', exact: true }).click();
  await page.getByText('This owner has 10 of 10 keys.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

  // "Active keys are displayed in green and indicate that they are currently active …"
  const row = page.getByRole('row').filter({ hasText: 'Marketplace 3' });
  const active = row.locator('[data-status=active]');
  expect(await active.textContent()).toBe('Active');
  expect(await colourOf(active)).toBe('green');
  const verify = () => at.admin.call('verify', { body: { key: secrets[2] ?? '' } });
  expect(await verify()).toMatchObject({ valid: true, key: { name: 'Marketplace 3' } });

  // "You have full control over your API keys and can revoke them at any time. … to disable it immediately."
  await row.getByRole('button', { name: 'Revoke Marketplace 3' }).click();
  const question = page.getByRole('alertdialog', { name: 'Revoke Marketplace 3?' });
  await question.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByText('Marketplace 3 was revoked.').waitFor();
  expect(await verify()).toMatchObject({ valid: false, code: 'revoked' });

  // "Revoked keys are displayed in red …" and are still listed.
  const revoked = row.locator('[data-status=revoked]');
  await revoked.waitFor();
  expect(await revoked.textContent()).toBe('Revoked');
  expect(await colourOf(revoked)).toBe('red');
  expect(await row.getByRole('button', { name: 'Revoke Marketplace 3' }).count()).toBe(0);
  await page.getByText('9 of 10 keys').waitFor();

  // "… please refer to our additional documentation or contact our support team."
  const documentation = page.getByRole('link', { name: /Documentation/ });
  expect(await documentation.getAttribute('href')).toBe('https://docs.example.com/');
  const support = page.getByRole('link', { name: /Support/ });
  expect(await support.getAttribute('href')).toBe('https://support.example.com/');
});
