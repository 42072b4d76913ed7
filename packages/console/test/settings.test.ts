// What owners and administrators set, and that each setting has its effect where keys are made.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { client } from '../../server/test/support/client.ts';
import { ada, installConsole, startInstallation } from './support/installation.ts';
import { inviteMember } from './support/members.ts';
import { expectFocus, expectGone, expectNoAxeFinding, expectToFit, visit } from './support/visitor.ts';

const at = installConsole();

/** A project of its own for a test, with the administrator as its owner. */
async function newProject(name: string): Promise<string> {
  const { page, go, context } = await visit(at.url, { as: ada });
  await go('/projects/new');
  await page.getByLabel('Name of the project').fill(name);
  await page.getByRole('button', { name: 'Create project' }).click();
  await page.waitForURL(/\/apikeys\?project=prj_/);
  const projectId = new URL(page.url()).searchParams.get('project') ?? '';
  await context.close();
  return projectId;
}

test('a new project is made by its name and a picture, and its keys come next', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/apikeys');
  await page.getByRole('button', { name: /^Project .*, switch$/ }).click();
  await page.getByRole('menuitem', { name: 'New project' }).click();
  await page.waitForURL('**/projects/new**');
  await page.getByRole('radio').first().waitFor();
  expect(await page.getByRole('radio').count()).toBe(6);
  expect(await page.getByRole('radio', { name: 'Standard' }).isChecked()).toBe(true);

  await page.getByRole('button', { name: 'Create project' }).click();
  await page.getByText('This must not be empty.').waitFor();

  await page.getByLabel('Name of the project').fill('Weather');
  // A radio group: the arrows go from one to the next.
  await page.getByRole('radio', { name: 'Standard' }).focus();
  await page.keyboard.press('ArrowDown');
  expect(await page.getByRole('radio', { name: 'Classic' }).isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Create project' }).click();
  await page.waitForURL(/\/apikeys\?project=prj_/);
  await page.getByRole('button', { name: 'Project Weather, switch' }).waitFor();
  await page.getByRole('button', { name: 'Generate new key' }).waitFor();
  const projectId = new URL(page.url()).searchParams.get('project') ?? '';
  expect(await at.admin.call('getProject', { params: { projectId } })).toMatchObject({
    name: 'Weather',
    preset: 'classic',
    policy: { description: 'hidden', expiry: 'hidden' },
  });
});

test('the look changes the list of keys, and the policy only where it is taken too', async () => {
  const projectId = await newProject('Looks');
  const { page, go } = await visit(at.url, { as: ada });
  const policyOf = async () => (await at.admin.call('getProject', { params: { projectId } })).policy;
  const before = await policyOf();

  await go(`/settings?project=${projectId}`);
  await page.getByRole('radio', { name: 'Gateway' }).check();
  const changes = page.getByTestId('look-changes');
  await changes.getByText('Key Name, Last Used, API Auth Key, Date Created, Status').waitFor();
  await changes.getByText('“Create key” becomes “+ Create API Auth Key”').waitFor();
  await changes.getByText('A switch in each row').waitFor();
  await page.getByRole('button', { name: 'Change the look' }).click();
  await page.getByText('The look is Gateway now.').waitFor();
  await page.getByRole('link', { name: 'See the keys' }).click();
  await page.getByRole('heading', { name: 'API Key Generation' }).waitFor();
  await page.getByRole('button', { name: '+ Create API Auth Key' }).waitFor();
  expect(await policyOf()).toStrictEqual(before);

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: 'Pair' }).check();
  await page.getByRole('checkbox', { name: 'Take its policy too' }).check();
  await changes.getByText('Format: Token: one string becomes Pair: a public key id and a secret').waitFor();
  await page.getByRole('button', { name: 'Change the look' }).click();
  await page.getByText('The look is Pair now.').waitFor();
  expect(await policyOf()).toMatchObject({ format: 'pair', description: 'hidden', expiry: 'hidden' });
  await page.getByRole('link', { name: 'API Keys' }).click();
  await page.getByRole('button', { name: 'Add key' }).click();
  await page.getByTestId('public-id').waitFor();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('switch', { name: 'Key 1 is active' }).waitFor();
});

test('a lower limit takes no key away, and stops the next one', async () => {
  const projectId = await newProject('Limits');
  const { page, go } = await visit(at.url, { as: ada });
  for (const name of ['one', 'two', 'three'])
    await at.admin.call('createKey', {
      params: { projectId },
      body: { name, ownerId: await accountIdOf(ada.email) },
    });
  await go(`/settings?tab=policy&project=${projectId}`);
  await page.getByLabel('Keys per owner').fill('0');
  await page.getByRole('button', { name: 'Save the policy' }).click();
  await page.getByText('Must be a whole number from 1 to 1,000,000, or empty.').waitFor();
  await page.getByLabel('Keys per owner').fill('2');
  await page.getByLabel('Longest life, in days').fill('30');
  // As it is when it was pasted.
  await page.getByLabel('Prefix').fill(' acme_live ');
  await page.getByText('acme_live_aB3d…x9Zk').waitFor();
  await page.getByRole('switch', { name: 'Ask before a key is switched' }).click();
  await page.getByRole('button', { name: 'Save the policy' }).click();
  await page.getByText('The policy holds from now on.').waitFor();
  await page.reload();
  expect(await page.getByLabel('Keys per owner').inputValue()).toBe('2');
  expect((await at.admin.call('getProject', { params: { projectId } })).policy).toStrictEqual({
    maxKeysPerOwner: 2,
    format: 'token',
    prefix: 'acme_live',
    description: 'optional',
    expiry: 'optional',
    maxLifetimeDays: 30,
    uniqueNames: true,
    confirmToggle: true,
  });

  await page.getByRole('link', { name: 'API Keys' }).click();
  await page.getByText('3 of 2 keys').waitFor();
  for (const name of ['one', 'two', 'three']) await page.getByRole('link', { name, exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Create key' }).getAttribute('aria-disabled')).toBe('true');
  await page.getByRole('button', { name: 'Settings of one' }).click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  await page.getByRole('alertdialog', { name: 'Deactivate one?' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();

  // With room again the new policy holds for the next key.
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('tab', { name: 'Policy' }).click();
  await page.getByLabel('Keys per owner').fill('');
  await page.getByRole('button', { name: 'Save the policy' }).click();
  await page.getByText('The policy holds from now on.').last().waitFor();
  await page.getByRole('link', { name: 'API Keys' }).click();
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('After 30 days at most.').waitFor();
  await dialog.getByLabel('Name', { exact: true }).fill('four');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await page.getByText('four is ready').waitFor();
  expect(await page.getByTestId('secret').textContent()).toMatch(/^acme_live_/);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('button', { name: 'Done' }).click();
});

test('words of its own go before those of the look, and can be taken back', async () => {
  const projectId = await newProject('Words');
  const { page, go, clipboard } = await visit(at.url, { as: ada });
  await go(`/settings?tab=wording&project=${projectId}`);
  await page.getByLabel('An address of your API to try a key at').fill('javascript:alert(1)');
  await page.getByText('Must be an http or https address.').waitFor();
  await page.getByLabel('An address of your API to try a key at').fill("https://api.example.com/v1/me?a='b");
  await page.getByRole('searchbox', { name: 'Search texts' }).fill('keys.create');
  await page.waitForURL(/q=keys\.create/);
  await page.locator('[data-wording="keys.create"]').getByRole('textbox').fill('Get a token');
  await page.locator('[data-wording="keys.createIn"]').getByRole('textbox').fill('In {place}');
  await page.getByText('Leaves out {channel}. {place} is not filled in here.').waitFor();
  await page.getByText('3 changes not saved').waitFor();
  await page.locator('[data-wording="keys.createIn"]').getByRole('button').click();

  // Leaving asks first.
  await page.getByRole('tab', { name: 'Policy' }).click();
  await page.getByRole('alertdialog', { name: 'Leave without saving?' }).waitFor();
  await expectFocus(page, 'Stay here');
  await page.getByRole('button', { name: 'Stay here' }).click();
  await page.getByText('2 changes not saved').waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();

  await page.getByRole('link', { name: 'API Keys' }).click();
  await page.getByRole('button', { name: 'Get a token' }).click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Tried');
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const secret = page.getByRole('alertdialog', { name: 'Tried is ready' });
  await secret.getByRole('button', { name: 'Copy these lines' }).first().click();
  await secret.getByRole('button', { name: 'Done' }).click();
  expect(await clipboard()).toMatch(
    /^curl 'https:\/\/api\.example\.com\/v1\/me\?a=%27b' \\\n {2}-H 'Authorization: Bearer kw_\w{61}'$/,
  );

  await go(`/settings?tab=wording&own=true&project=${projectId}`);
  const rows = page.locator('[data-wording]');
  await rows.first().waitFor();
  expect(await rows.count()).toBe(1);
  await page.getByRole('button', { name: 'Take back the own text for “Create key”' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'API Keys' }).click();
  await page.getByRole('button', { name: 'Create key' }).waitFor();
});

test('a service key is shown once, works, is rotated and deleted', async () => {
  const { page, go, clipboard } = await visit(at.url, { as: ada });
  await go(`/settings?tab=service-keys&project=${at.projectId}`);
  await page.getByRole('button', { name: 'Create service key' }).click();
  const form = page.getByRole('dialog', { name: 'Create a service key' });
  await form.getByRole('checkbox', { name: /^verify/ }).uncheck();
  await form.getByRole('button', { name: 'Create service key' }).click();
  await form.getByText('This must not be empty.').waitFor();
  await form.getByText('Choose at least one.').waitFor();
  await form.getByLabel('Name').fill('Gateway');
  await form.getByRole('checkbox', { name: /^verify/ }).check();
  await form.getByRole('checkbox', { name: /^keys:read/ }).check();
  // What was typed outlives a slip of the hand, but not the key.
  await page.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Create service key' }).click();
  await form.getByText('What you typed here before is back.').waitFor();
  expect(await form.getByLabel('Name').inputValue()).toBe('Gateway');
  expect(await form.getByRole('checkbox', { name: /^keys:read/ }).isChecked()).toBe(true);
  await form.getByRole('button', { name: 'Create service key' }).click();

  const shown = page.getByRole('alertdialog', { name: 'Gateway is ready' });
  const secret = (await shown.getByTestId('secret').textContent()) ?? '';
  // Not before it is in safety.
  await page.keyboard.press('Escape');
  await shown.getByText('You have not saved it yet').waitFor();
  await shown.getByRole('button', { name: 'Go back and copy it' }).click();
  await shown.getByRole('button', { name: 'Copy', exact: true }).click();
  await shown.getByText('Copied: it is on your clipboard.').waitFor();
  expect(await clipboard()).toBe(secret);
  await shown.getByRole('button', { name: 'Done' }).click();
  await shown.waitFor({ state: 'detached' });
  await expectForgotten(page, secret);
  await page.getByRole('button', { name: 'Create service key' }).click();
  await form.getByLabel('Name').waitFor();
  expect(await form.getByLabel('Name').inputValue()).toBe('');
  await page.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });

  const row = page.getByRole('row').filter({ hasText: 'Gateway' });
  await row.getByText('Never').first().waitFor();
  const program = client(at.url, secret);
  expect(await program.call('verify', { body: { key: 'kw_nothing' } })).toMatchObject({
    valid: false,
    code: 'malformed',
  });
  expect(await program.refuse('listServiceKeys')).toMatchObject({ code: 'forbidden' });

  await row.getByRole('button', { name: 'Actions for Gateway' }).click();
  await page.getByRole('menuitem', { name: 'Rotate' }).click();
  const rotate = page.getByRole('alertdialog', { name: 'Give Gateway a new secret?' });
  await rotate.getByText('there is no overlap', { exact: false }).waitFor();
  await rotate.getByRole('button', { name: 'Rotate' }).click();
  const again = page.getByRole('alertdialog', { name: 'Gateway is ready' });
  const second = (await again.getByTestId('secret').textContent()) ?? '';
  expect(second).not.toBe(secret);
  await again.getByRole('button', { name: 'Copy', exact: true }).click();
  await again.getByRole('button', { name: 'Done' }).click();
  expect(await program.refuse('verify', { body: { key: 'kw_nothing' } })).toMatchObject({
    code: 'unauthenticated',
  });
  await client(at.url, second).call('verify', { body: { key: 'kw_nothing' } });

  await row.getByRole('button', { name: 'Actions for Gateway' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const end = page.getByRole('alertdialog', { name: 'Delete Gateway?' });
  await expectFocus(page, 'Cancel');
  await end.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Gateway was deleted.').waitFor();
  expect(await client(at.url, second).refuse('verify', { body: { key: 'kw_nothing' } })).toMatchObject({
    code: 'unauthenticated',
  });
  await expectGone(row);
});

test('the instance: its name, who may sign up, and where help is', async () => {
  const { page, go } = await visit(at.url, { as: ada });
  await go('/settings?tab=instance');
  await page.getByLabel('Name of the instance').fill('Acme developers');
  await page.getByLabel('Who may create an account').selectOption({ label: 'Anybody' });
  await page.getByLabel('Documentation address').fill('ftp://docs');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Must be an http or https address.').waitFor();
  await page.getByLabel('Documentation address').fill('https://docs.example.com/');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  await page.getByRole('link', { name: /^Documentation/ }).waitFor();
  await page.getByText('Acme developers').first().waitFor();
  const stranger = await visit(at.url);
  await stranger.go('/sign-in');
  await stranger.page.getByText('to manage your API keys at Acme developers').waitFor();
  await stranger.page.getByRole('link', { name: 'Create an account' }).waitFor();

  await page.getByRole('button', { name: 'Create service key' }).click();
  await page.getByText('For the whole instance: every project, also those to come.').waitFor();
  await page.getByRole('dialog').getByLabel('Name').fill('Everywhere');
  await page.getByRole('dialog').getByRole('button', { name: 'Create service key' }).click();
  const shown = page.getByRole('alertdialog', { name: 'Everywhere is ready' });
  await shown.getByRole('button', { name: 'Copy', exact: true }).click();
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('row').filter({ hasText: 'Everywhere' }).getByText('The instance').waitFor();
});

test('an administrator without any project makes one', async () => {
  const there = await startInstallation();
  try {
    await there.admin.call('deleteProject', { params: { projectId: there.projectId } });
    const { page, go } = await visit(there.url, { as: ada });
    await go('/apikeys');
    await page.getByText('You are not in any project yet').waitFor();
    await page.getByText('Choose one of this instance, or make a new one.').waitFor();
    await page.getByRole('button', { name: 'Choose a project' }).click();
    await page.getByRole('menuitem', { name: 'New project' }).click();
    await page.getByLabel('Name of the project').fill('The first');
    await page.getByRole('button', { name: 'Create project' }).click();
    await page.getByRole('button', { name: 'Project The first, switch' }).waitFor();
    await page.getByRole('heading', { name: 'API Keys', exact: true }).waitFor();
    // It still asks for things, and the server is about to stop.
    await page.close();
  } finally {
    await there.service.stop();
  }
});

test('a project is deleted by typing its name', async () => {
  const projectId = await newProject('Short-lived');
  const { key, secret } = await at.admin.call('createKey', { params: { projectId }, body: { name: 'k' } });
  expect(key.projectId).toBe(projectId);
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/settings?project=${projectId}`);
  await page.getByRole('button', { name: 'Delete the project' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete Short-lived?' });
  await expectFocus(page, 'Cancel');
  await dialog.getByText('Its key stops working at once').waitFor();
  await dialog.getByRole('button', { name: 'Delete the project' }).click();
  await dialog.getByText('This is not its name.').waitFor();
  await dialog.getByLabel(/^Type the name/).fill('Short-lived');
  await dialog.getByRole('button', { name: 'Delete the project' }).click();
  await page.getByText('Short-lived was deleted.').waitFor();
  await page.waitForURL((address) => address.pathname === '/apikeys' && !address.search.includes(projectId));
  await page.getByRole('heading', { name: 'API Keys', exact: true }).waitFor();
  expect(await at.admin.call('verify', { body: { key: secret } })).toMatchObject({ valid: false });
});

test('members and operators have no settings, owners none of the instance', async () => {
  for (const role of ['member', 'operator'] as const) {
    const { page, go } = await visit(at.url, { as: await inviteMember(at, role) });
    await go('/settings');
    await page.getByText('Settings are for owners').waitFor();
    expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0);
    expect(await page.getByRole('tab').count()).toBe(0);
    await go('/projects/new');
    await page.getByText('Projects are made by administrators').waitFor();
  }
  const { page, go } = await visit(at.url, { as: await inviteMember(at, 'owner') });
  await go('/settings?tab=instance');
  await page.getByRole('tab', { name: 'Service keys' }).waitFor();
  expect(await page.getByRole('tab', { name: 'Instance' }).count()).toBe(0);
  expect(await page.getByRole('tab', { name: 'Project' }).getAttribute('aria-selected')).toBe('true');
});

test('what is not saved is told, with all that was typed still there', async () => {
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  await go(`/settings?project=${at.projectId}`);
  await page.getByLabel('Name of the project').fill('Another name');
  expectFailure(/failed: PATCH/);
  await page.route('**/v1/projects/*', (route) =>
    route.request().method() === 'PATCH' ? route.abort('connectionrefused') : route.continue(),
  );
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('The settings were not saved.').waitFor();
  expect(await page.getByLabel('Name of the project').inputValue()).toBe('Another name');
  await page.unroute('**/v1/projects/*');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Project Another name, switch' }).waitFor();
});

const paths = [
  '/settings',
  '/settings?tab=policy',
  '/settings?tab=wording',
  '/settings?tab=service-keys',
  '/settings?tab=instance',
  '/projects/new',
];

test.for(['light', 'dark'] as const)('axe finds nothing in the %s theme', async (theme) => {
  const { page, go } = await visit(at.url, { as: ada, theme });
  for (const path of [
    ...paths,
    '/settings?tab=service-keys&dialog=create',
    '/settings?dialog=delete-project',
  ]) {
    await go(path);
    const isDialog = path.includes('dialog=');
    await (isDialog
      ? page.locator('[role=dialog], [role=alertdialog]')
      : page.getByRole('heading', { level: 2 }).first()
    ).waitFor();
    await expectNoAxeFinding(page);
  }
});

test('all of it fits on a narrow screen', async () => {
  const { page, go } = await visit(at.url, { as: ada, width: 360, height: 740 });
  for (const path of paths) {
    await go(path);
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    await expectToFit(page);
  }
});

async function accountIdOf(email: string): Promise<string> {
  const { items } = await at.admin.call('listAccounts', { query: { search: email } });
  return items[0]?.id ?? '';
}

/** It is in no place in which somebody could find it later. */
async function expectForgotten(page: Page, secret: string): Promise<void> {
  const kept = await page.evaluate(() =>
    [
      document.documentElement.outerHTML,
      location.href,
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      JSON.stringify(history.state),
      ...[...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
    ].join('\n'),
  );
  expect(kept).not.toContain(secret);
}
