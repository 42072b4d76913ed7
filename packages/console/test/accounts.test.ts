// What administrators of the instance do with accounts.
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { browser, post, signIn } from '../../server/test/support/account.ts';
import { openMailbox } from '../../server/test/support/mailbox.ts';
import { tokenOf } from '../../server/test/support/membership.ts';
import { ada, installConsole, startInstallation } from './support/installation.ts';
import { inviteMember } from './support/members.ts';
import { expectFocus, expectNoAxeFinding, expectToFit, visit } from './support/visitor.ts';

const at = installConsole();

test('accounts are found, page by page, from the settings and the command palette', async () => {
  await inviteMember(at, 'member', { name: 'Grace Hopper' });
  for (let round = 1; round <= 5; round++)
    await Promise.all([1, 2, 3, 4].map(() => inviteMember(at, 'member')));
  const { page, go } = await visit(at.url, { as: ada });
  await go('/settings?tab=instance');
  await page.getByRole('link', { name: 'Manage accounts' }).click();
  await page.getByText('1–20 of 22').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('21–22 of 22').waitFor();
  await page.goBack();
  await page.getByText('1–20 of 22').waitFor();
  await page.getByRole('searchbox', { name: 'Search accounts' }).fill('hopper');
  await page.waitForURL(/q=hopper/);
  await page.getByText('1–1 of 1').waitFor();
  await page.reload();
  const row = page.getByRole('row').filter({ hasText: 'Grace Hopper' });
  await row.waitFor();
  expect(await row.getByRole('cell').nth(3).textContent()).toContain('1');
  await page.getByRole('searchbox', { name: 'Search accounts' }).fill('nobody at all');
  await page.getByText('No account matches').waitFor();
  await page.getByRole('button', { name: 'Show all accounts' }).click();
  await page.getByText('1–20 of 22').waitFor();

  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Go to' }).getByRole('combobox').fill('accoun');
  await page.getByRole('option', { name: 'Accounts' }).click();
  await page.waitForURL('**/accounts**');
});

test('an administrator is made, sees what only those see, and is no longer one', async () => {
  const grace = await inviteMember(at, 'member', { name: 'Grace Admin' });
  const { page, go } = await visit(at.url, { as: ada });
  await go('/accounts?q=Grace%20Admin');
  const row = page.getByRole('row').filter({ hasText: 'Grace Admin' });
  await row.getByRole('button', { name: 'Actions for Grace Admin' }).click();
  await page.getByRole('menuitem', { name: 'Make administrator' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Make Grace Admin an administrator?' });
  await expectFocus(page, 'Cancel');
  await dialog.getByRole('button', { name: 'Make administrator' }).click();
  await page.getByText('Grace Admin is an administrator now.').waitFor();
  await row.getByText('Administrator', { exact: true }).waitFor();

  // What she is given she can also give back.
  const { page: hers, go: goAsGrace } = await visit(at.url, { as: grace });
  await goAsGrace('/accounts?q=Grace%20Admin');
  await hers.getByRole('button', { name: 'Actions for Grace Admin' }).click();
  await hers.getByRole('menuitem', { name: 'No longer administrator' }).click();
  const end = hers.getByRole('alertdialog', { name: 'Make Grace Admin no longer an administrator?' });
  await end.getByText('This is your own account:').waitFor();
  await end.getByRole('button', { name: 'No longer administrator' }).click();
  await hers.getByText('Grace Admin is no longer an administrator.').waitFor();
  await hers.getByText('Accounts are for administrators').waitFor();
  await page.reload();
  await row.getByText('Account', { exact: true }).waitFor();
});

test('the last administrator stays one', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  await go(`/accounts?q=${encodeURIComponent(ada.email)}`);
  await page.getByRole('button', { name: 'Actions for ada' }).click();
  await page.getByRole('menuitem', { name: 'No longer administrator' }).click();
  await page.getByText('This is your own account:').waitFor();
  expectFailure(/^409 PATCH/);
  await page.getByRole('alertdialog').getByRole('button', { name: 'No longer administrator' }).click();
  await page.getByText('ada is still an administrator.').waitFor();
  await page.getByText('Make another account administrator first.', { exact: false }).waitFor();
});

test('all that is kept about a person is downloaded, and the person erased', async () => {
  const grace = await inviteMember(at, 'member', { name: 'Grace Gone' });
  const { items } = await at.admin.call('listAccounts', { query: { search: grace.email } });
  const accountId = items[0]?.id ?? '';
  const { secret } = await at.admin.call('createKey', {
    params: { projectId: at.projectId },
    body: { name: 'Hers', ownerId: accountId },
  });
  const { page, go } = await visit(at.url, { as: ada });
  await go('/accounts?q=Gone');
  await page.getByRole('button', { name: 'Actions for Grace Gone' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Download all data' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe(`${accountId}.json`);
  const data = await json(await download.createReadStream());
  expect(data).toMatchObject({ account: { email: grace.email }, keys: [{ name: 'Hers' }] });

  await page.getByRole('button', { name: 'Actions for Grace Gone' }).click();
  await page.getByRole('menuitem', { name: 'Erase' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Erase Grace Gone?' });
  await expectFocus(page, 'Cancel');
  await dialog.getByText(`it names only the id ${accountId}`, { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Erase' }).click();
  await dialog.getByText('This is not its e-mail address.').waitFor();
  await dialog.getByLabel(/^Type its e-mail address/).fill(grace.email);
  await dialog.getByRole('button', { name: 'Erase' }).click();
  await page.getByText('Grace Gone was erased.').waitFor();
  await page.getByText('No account matches').waitFor();
  expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({
    valid: false,
    code: 'revoked',
  });
});

test('a link to choose another password is shown once, to be passed on', async () => {
  const grace = await inviteMember(at, 'member', { name: 'Grace Forgetful' });
  const { page, go, clipboard } = await visit(at.url, { as: ada });
  await go('/accounts?q=Forgetful');
  await page.getByRole('button', { name: 'Actions for Grace Forgetful' }).click();
  expect(await page.getByRole('menuitem', { name: 'Confirm new address' }).count()).toBe(0);
  await page.getByRole('menuitem', { name: 'Password reset link' }).click();
  await page.getByRole('button', { name: 'Make the link' }).click();
  const shown = page.getByRole('alertdialog', { name: 'The link for Grace Forgetful is ready' });
  await shown.getByTestId('secret').waitFor();
  await page.keyboard.press('Escape');
  await shown.getByText('You have not saved it yet').waitFor();
  await shown.getByRole('button', { name: 'Go back and copy it' }).click();
  await shown.getByRole('button', { name: 'Copy', exact: true }).click();
  await shown.getByText('Copied: it is on your clipboard.').waitFor();
  await shown.getByRole('button', { name: 'Done' }).click();
  await shown.waitFor({ state: 'detached' });
  const link = await clipboard();
  expect(link).toMatch(/\/reset-password#token=/);
  expect(await page.content()).not.toContain(tokenOf(link));

  const password = 'another lamp beside the sea';
  const answer = await post(browser(at.url), '/reset-password', { token: tokenOf(link), password });
  expect(answer.status, answer.text).toBe(200);
  await signIn(at.url, { email: grace.email, password });
});

test('an address that somebody asked for is seen, and confirmed by a link', async () => {
  const grace = await inviteMember(at, 'member', { name: 'Grace Moved' });
  const wanted = `moved-${grace.email}`;
  const asked = await post(await signIn(at.url, grace), '/change-email', { email: wanted });
  expect(asked.status, asked.text).toBe(200);
  const { page, go, clipboard } = await visit(at.url, { as: ada });
  await go('/accounts?q=Moved');
  await page.getByText(`wants ${wanted}`).waitFor();
  await page.getByRole('button', { name: 'Actions for Grace Moved' }).click();
  await page.getByRole('menuitem', { name: 'Confirm new address' }).click();
  await page.getByText(`Whoever opens it makes ${wanted} the address of this account.`).waitFor();
  await page.getByRole('button', { name: 'Make the link' }).click();
  const shown = page.getByRole('alertdialog', { name: 'The link for Grace Moved is ready' });
  await shown.getByRole('button', { name: 'Copy', exact: true }).click();
  await shown.getByText('Copied: it is on your clipboard.').waitFor();
  const link = await clipboard();
  const answer = await post(browser(at.url), '/confirm-email', { token: tokenOf(link) });
  expect(answer.status, answer.text).toBe(200);
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.reload();
  await page.getByRole('row').filter({ hasText: wanted }).waitFor();
  expect(await page.getByText(`wants ${wanted}`).count()).toBe(0);
});

test('where e-mail is sent, it says to whom, and shows no link', async () => {
  const mailbox = await openMailbox();
  const there = await startInstallation({
    env: {
      KEYWRIGHT_SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
      KEYWRIGHT_MAIL_FROM: 'keys@acme.example',
    },
  });
  try {
    const { page, go } = await visit(there.url, { as: ada });
    await go('/accounts');
    await page.getByRole('button', { name: 'Actions for ada' }).click();
    await page.getByRole('menuitem', { name: 'Password reset link' }).click();
    await page.getByRole('button', { name: 'Make the link' }).click();
    const sent = page.getByRole('dialog', { name: `Sent to ${ada.email}` });
    await sent.waitFor();
    expect(await sent.textContent()).not.toContain('#token=');
    expect((await mailbox.letterTo(ada.email, /password/i)).text).toContain('/reset-password#token=');
    await sent.getByRole('button', { name: 'Done' }).click();
    await sent.waitFor({ state: 'detached' });
    // It still asks for things, and the server is about to stop.
    await page.close();
  } finally {
    await there.service.stop();
    await mailbox.close();
  }
});

test('nobody else sees accounts', async () => {
  const { page, go } = await visit(at.url, { as: await inviteMember(at, 'owner') });
  await go('/accounts');
  await page.getByText('Accounts are for administrators').waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Go to' }).getByRole('combobox').fill('Settings');
  await page.getByRole('option', { name: 'Settings', exact: true }).waitFor();
  expect(await page.getByRole('option', { name: 'Settings of the instance' }).count()).toBe(0);
});

test.for(['light', 'dark'] as const)('axe finds nothing, and all fits, in the %s theme', async (theme) => {
  const { page, go } = await visit(at.url, { as: ada, theme });
  await go('/accounts?q=ada%40');
  await page.getByRole('row').nth(1).waitFor();
  await expectNoAxeFinding(page);
  await page.getByRole('button', { name: 'Actions for ada' }).click();
  await page.getByRole('menuitem', { name: 'Erase' }).click();
  await page.getByRole('alertdialog').waitFor();
  await expectNoAxeFinding(page);
  const narrow = await visit(at.url, { as: ada, theme, width: 360, height: 740 });
  await narrow.go('/accounts?q=ada%40');
  await narrow.page.getByRole('main').getByText('ada@example.com').waitFor();
  await expectToFit(narrow.page);
  await expectNoAxeFinding(narrow.page);
});
