import type { Channel } from '@keywright/contract';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ada, installConsole } from './support/installation.ts';
import { addPerson } from './support/people.ts';
import { expectFocus, expectNoAxeFinding, expectToFit, visit } from './support/visitor.ts';

const at = installConsole();

let count = 0;

/** A project of its own, with a channel for each slug. */
async function makeProject(...slugs: string[]): Promise<{ id: string; channels: Channel[] }> {
  const { id } = await at.admin.call('createProject', { body: { name: `Project ${++count}` } });
  const channels: Channel[] = [];
  for (const slug of slugs) {
    const body = { name: `Channel ${slug}`, slug: `${slug}-${count}` };
    channels.push(await at.admin.call('createChannel', { params: { projectId: id }, body }));
  }
  return { id, channels };
}

const readChannel = (channelId: string) => at.admin.call('getChannel', { params: { channelId } });
const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

describe('an operator', () => {
  test('makes the first channel, with a slug from its name and rules of its own', async () => {
    const { id } = await makeProject();
    const { page, go } = await visit(at.url, { as: ada });
    await go(`/channels?project=${id}`);
    await page.getByRole('heading', { name: 'No channels yet' }).waitFor();
    await page.getByRole('button', { name: 'New channel' }).click();
    const form = page.getByRole('dialog', { name: 'Create a channel' });
    await form.getByRole('button', { name: 'Create channel' }).click();
    await form.getByText('Give it a name.').waitFor();
    await form.getByLabel('Name', { exact: true }).fill('Café, Müller & Söhne');
    expect(await form.getByLabel('Slug').inputValue()).toBe('cafe-muller-sohne');
    await form.getByLabel('Upstream').fill('ftp://files');
    await form.getByText('Rules for its keys').click();
    await form.getByLabel('Keys of one owner').selectOption('At most …');
    await form.getByRole('button', { name: 'Create channel' }).click();
    await form.getByText(/http or https address/).waitFor();
    await form.getByText('Must be a whole number from 1 to 1,000,000.').waitFor();

    await form.getByLabel('Upstream').fill('https://files.internal/v1');
    await form.getByLabel('Keys of one owner: its own value').fill('3');
    await form.getByLabel('Format').selectOption('Pair');
    await form.getByLabel('Prefix').selectOption('Its own …');
    await form.getByLabel('Prefix: its own value').fill('cafe');
    expect(await form.getByLabel('Expiry of a key').locator('option').first().textContent()).toBe(
      'As the project: Optional',
    );
    await form.getByLabel('Ask before switching').selectOption('Yes');
    await form.getByRole('button', { name: 'Create channel' }).click();
    await form.waitFor({ state: 'detached' });

    await rowOf(page, 'cafe-muller-sohne').waitFor();
    const { items } = await at.admin.call('listChannels', { params: { projectId: id } });
    expect(items).toMatchObject([
      {
        name: 'Café, Müller & Söhne',
        slug: 'cafe-muller-sohne',
        description: null,
        upstream: 'https://files.internal/v1',
        policy: {
          maxKeysPerOwner: 3,
          format: 'pair',
          prefix: 'cafe',
          description: null,
          expiry: null,
          maxLifetimeDays: null,
          uniqueNames: null,
          confirmToggle: true,
        },
      },
    ]);
  });

  test('changes a channel, and leaves what somebody else changed meanwhile', async () => {
    const { id, channels } = await makeProject('mine', 'taken');
    const channelId = channels[0]?.id ?? '';
    await at.admin.call('updateChannel', {
      params: { channelId },
      body: { policy: { maxKeysPerOwner: 4, expiry: 'required' } },
    });
    const { page, go, expectFailure } = await visit(at.url, { as: ada });
    await go(`/channels?project=${id}`);
    await page.getByRole('button', { name: 'Settings of Channel mine' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    const form = page.getByRole('dialog', { name: 'Edit Channel mine' });
    expect(await form.getByLabel('Keys of one owner: its own value').inputValue()).toBe('4');
    await at.admin.call('updateChannel', { params: { channelId }, body: { description: 'Of another' } });

    // What was refused can be mended; nothing typed is lost.
    expectFailure(/^409 PATCH /);
    await form.getByLabel('Name', { exact: true }).fill('Renamed');
    const slug = await form.getByLabel('Slug').inputValue();
    await form.getByLabel('Slug').fill(channels[1]?.slug ?? '');
    await form.getByText(new RegExp(`What asks for ${slug} now`)).waitFor();
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText(/is or was another channel/).waitFor();
    expect(await form.getByLabel('Name', { exact: true }).inputValue()).toBe('Renamed');
    // As it is when it was pasted.
    await form.getByLabel('Slug').fill(` ${slug} `);
    await form.getByLabel('Keys of one owner', { exact: true }).selectOption('No limit');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Renamed was changed.').waitFor();
    await rowOf(page, 'Renamed').waitFor();
    expect(await readChannel(channelId)).toMatchObject({
      name: 'Renamed',
      slug,
      description: 'Of another',
      policy: { maxKeysPerOwner: null, expiry: 'required' },
    });
  });

  test('is led from a channel that cannot be deleted to its keys, and deletes it then', async () => {
    const { id, channels } = await makeProject('used');
    const channelId = channels[0]?.id ?? '';
    await at.admin.call('createKey', { params: { projectId: id }, body: { name: 'In the way', channelId } });
    const { page, go, expectFailure } = await visit(at.url, { as: ada });
    await go(`/channels?project=${id}`);
    await page.getByRole('button', { name: 'Settings of Channel used' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const question = page.getByRole('alertdialog', { name: 'Delete Channel used?' });
    await question.getByRole('button', { name: 'Cancel' }).waitFor();
    await expectFocus(page, 'Cancel');
    expectFailure(/^409 DELETE /);
    await question.getByRole('button', { name: 'Delete', exact: true }).click();
    await question.getByText(/1 active or inactive key/).waitFor();
    await question.getByRole('button', { name: 'Show its keys' }).click();

    const keys = page.getByRole('dialog', { name: 'API Keys of Channel used' });
    await keys.getByRole('button', { name: 'Settings of In the way' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await keys.getByText('No keys yet').waitFor();
    await keys.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('button', { name: 'Settings of Channel used' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await question.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('The channel Channel used was deleted.').waitFor();
    await page.getByRole('heading', { name: 'No channels yet' }).waitFor();
  });

  test('goes through pages of channels', async () => {
    const { id } = await makeProject(...Array.from({ length: 21 }, (_, index) => `many-${index}`));
    const { page, go } = await visit(at.url, { as: ada });
    await go(`/channels?project=${id}`);
    await page.getByText('1–20 of 21').waitFor();
    expect(await page.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('21–21 of 21').waitFor();
    expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    await page.reload();
    await rowOf(page, 'Channel many-0').waitFor();
    await page.goBack();
    await page.getByText('1–20 of 21').waitFor();
  });

  test('keeps what was typed when the server cannot be reached', async () => {
    const { id } = await makeProject('there');
    const { page, go, context, expectFailure } = await visit(at.url, { as: ada });
    await go(`/channels?project=${id}&edit=new`);
    const form = page.getByRole('dialog', { name: 'Create a channel' });
    await form.getByLabel('Name', { exact: true }).fill('Not lost');
    expectFailure(/^failed: /);
    await context.setOffline(true);
    await form.getByRole('button', { name: 'Create channel' }).click();
    await page.getByText('The channel was not created.').waitFor();
    await context.setOffline(false);
    expect(await form.getByLabel('Name', { exact: true }).inputValue()).toBe('Not lost');
    await form.getByRole('button', { name: 'Create channel' }).click();
    await rowOf(page, 'Not lost').waitFor();
  });
});

test('what was typed into the form for a channel outlives Esc, and touches nothing else of it', async () => {
  const { id, channels } = await makeProject('kept');
  const channelId = channels[0]?.id ?? '';
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/channels?project=${id}&edit=${channelId}`);
  const form = page.getByRole('dialog');
  await form.getByLabel('Name', { exact: true }).fill('Renamed with care');
  await page.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });
  await at.admin.call('updateChannel', { params: { channelId }, body: { description: 'By another' } });
  await go(`/channels?project=${id}&edit=${channelId}`);
  await form.getByText('What you typed here before is back.').waitFor();
  expect(await form.getByLabel('Name', { exact: true }).inputValue()).toBe('Renamed with care');
  expect(await form.getByRole('textbox', { name: 'Description' }).inputValue()).toBe('By another');
  await form.getByRole('button', { name: 'Start over' }).click();
  expect(await form.getByLabel('Name', { exact: true }).inputValue()).toBe('Channel kept');
});

describe('the dialog with the keys of a channel', () => {
  test('stands in the address, with the list in it and what is open above it', async () => {
    const { id, channels } = await makeProject('one', 'two');
    const channelId = channels[0]?.id ?? '';
    for (const name of ['Alpha', 'Beta']) {
      await at.admin.call('createKey', { params: { projectId: id }, body: { name, channelId } });
    }
    await at.admin.call('createKey', { params: { projectId: id }, body: { name: 'Of no channel' } });
    const { page, go } = await visit(at.url, { as: ada });
    await go(`/channels?project=${id}`);
    const opener = page.getByRole('button', { name: 'API Keys of Channel one' });
    await opener.click();
    const dialog = page.getByRole('dialog', { name: 'API Keys of Channel one' });
    await rowOf(page, 'Beta').waitFor();
    expect(await dialog.getByText('Of no channel').count()).toBe(0);

    await dialog.getByLabel('Search keys').fill('alp');
    await rowOf(page, 'Beta').waitFor({ state: 'detached' });
    await page.reload();
    await rowOf(page, 'Alpha').waitFor();
    expect(await dialog.getByLabel('Search keys').inputValue()).toBe('alp');
    expect(await rowOf(page, 'Beta').count()).toBe(0);

    // A dialog above it: Esc closes that one alone, and the focus goes back to where it was.
    await dialog.getByRole('button', { name: 'Settings of Alpha' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    const rename = page.getByRole('dialog', { name: 'Rename Alpha' });
    await rename.getByLabel('New name').waitFor();
    await page.reload();
    await rename.getByLabel('New name').waitFor();
    await page.keyboard.press('Escape');
    await rename.waitFor({ state: 'detached' });
    await dialog.waitFor();
    const create = dialog.getByRole('button', { name: 'Create key' });
    await create.click();
    await page.getByRole('dialog', { name: 'Create a key' }).getByLabel('Name').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Create a key' }).waitFor({ state: 'detached' });
    await expect.poll(() => create.evaluate((button) => button === document.activeElement)).toBe(true);

    // Back and forward go through what was open.
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe(`?project=${id}`);
    await opener.click();
    await dialog.waitFor();
    await page.goBack();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => opener.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.goForward();
    await dialog.waitFor();
    await dialog.getByRole('link', { name: 'Beta' }).click();
    await page.waitForURL('**/apikeys/key_*');
  });

  test('does not let a secret go that was not saved', async () => {
    const { id, channels } = await makeProject('guarded');
    const { page, go } = await visit(at.url, { as: ada });
    await go(`/channels?project=${id}`);
    await page.getByRole('button', { name: 'API Keys of Channel guarded' }).click();
    const dialog = page.getByRole('dialog', { name: 'API Keys of Channel guarded' });
    await dialog.getByRole('button', { name: 'Create key' }).click();
    const form = page.getByRole('dialog', { name: 'Create a key' });
    await form.getByLabel('Name').fill('Precious');
    await form.getByRole('button', { name: 'Create key' }).click();
    const shown = page.getByRole('alertdialog', { name: 'Precious is ready' });
    const secret = (await shown.getByTestId('secret').textContent()) ?? '';
    await page.keyboard.press('Escape');
    await shown.getByText('You have not saved it yet').waitFor();
    await shown.getByRole('button', { name: 'Go back and copy it' }).click();
    await page.goBack();
    await shown.getByText('You have not saved it yet').waitFor();
    await page.mouse.click(5, 5);
    expect(await shown.getByTestId('secret').textContent()).toBe(secret);
    // Behind it, and so hidden from screen readers.
    const behind = page.getByRole('dialog', { name: 'API Keys of Channel guarded', includeHidden: true });
    expect(await behind.count()).toBe(1);
    await shown.getByRole('button', { name: 'I have saved it' }).click();
    await shown.waitFor({ state: 'detached' });
    await dialog.waitFor();
    await rowOf(page, 'Precious').waitFor();
    expect(page.url()).not.toContain(secret);
    expect(await page.content()).not.toContain(secret);
    const channel = channels[0]?.id ?? '';
    expect(await at.admin.call('verify', { body: { key: secret, channel } })).toMatchObject({ valid: true });
  });

  test('says what is wrong with a channel that is not there', async () => {
    const { id } = await makeProject('there');
    const other = await makeProject('elsewhere');
    const { page, go, expectFailure } = await visit(at.url, { as: ada });
    expectFailure(/^404 GET /);
    await go(`/channels?project=${id}&keysOf=chn_01m8c6ykfg8y28k331fdn8zaav`);
    const notice = page.getByRole('dialog', { name: 'This channel could not be shown' });
    await notice.getByRole('button', { name: 'Close' }).last().click();
    await rowOf(page, 'Channel there').waitFor();
    await go(`/channels?project=${id}&keysOf=${other.channels[0]?.id}`);
    await notice.getByText('It is a channel of another project.').waitFor();
  });
});

describe('who may do what', () => {
  let project: Awaited<ReturnType<typeof makeProject>>;
  let member: Awaited<ReturnType<typeof addPerson>>;
  let operator: typeof member;
  beforeAll(async () => {
    project = await makeProject('shared');
    member = await addPerson(at, project.id, 'Linus', 'member');
    operator = await addPerson(at, project.id, 'Grace', 'operator');
  });

  test('a member sees the channels, and makes keys of its own for them', async () => {
    const channelId = project.channels[0]?.id ?? '';
    await at.admin.call('createKey', {
      params: { projectId: project.id },
      body: { name: 'Not its', channelId },
    });
    const { page, go } = await visit(at.url, { as: member });
    await go(`/channels?project=${project.id}&edit=new`);
    await rowOf(page, 'Channel shared').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'New channel' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Settings of Channel shared' }).count()).toBe(0);
    await page.getByRole('button', { name: 'API Keys' }).click();
    const dialog = page.getByRole('dialog', { name: 'API Keys of Channel shared' });
    await dialog.getByText('No keys yet').waitFor();
    await dialog.getByRole('button', { name: 'Create key' }).click();
    const form = page.getByRole('dialog', { name: 'Create a key' });
    await form.getByLabel('Name').fill('Its own');
    await form.getByRole('button', { name: 'Create key' }).click();
    const shown = page.getByRole('alertdialog');
    await shown.getByRole('button', { name: 'Copy', exact: true }).click();
    await shown.getByRole('button', { name: 'Done' }).click();
    await rowOf(page, 'Its own').waitFor();
    const { items } = await at.admin.call('listKeys', {
      params: { projectId: project.id },
      query: { channelId },
    });
    expect(items).toMatchObject([
      { name: 'Its own', ownerId: member.id },
      { name: 'Not its', ownerId: null },
    ]);
  });

  test('an operator changes channels', async () => {
    const { page, go } = await visit(at.url, { as: operator });
    await go(`/channels?project=${project.id}`);
    await page.getByRole('button', { name: 'New channel' }).click();
    const form = page.getByRole('dialog', { name: 'Create a channel' });
    await form.getByLabel('Name', { exact: true }).fill('By Grace');
    await form.getByRole('button', { name: 'Create channel' }).click();
    await rowOf(page, 'By Grace').waitFor();
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each([1440, 360])('axe finds nothing at %d pixels, and nothing is cut off', async (width) => {
    const { id, channels } = await makeProject('seen');
    const channelId = channels[0]?.id ?? '';
    await at.admin.call('updateChannel', {
      params: { channelId },
      body: { description: 'For partners', upstream: 'https://a.example.com', policy: { prefix: 'acme' } },
    });
    await at.admin.call('createKey', { params: { projectId: id }, body: { name: 'A key', channelId } });
    const empty = await makeProject();
    const { page, go } = await visit(at.url, { as: ada, theme, width });
    const look = async (path: string, sight: string) => {
      await go(path);
      await page.getByText(sight).first().waitFor();
      await expectNoAxeFinding(page);
      await expectToFit(page);
    };
    await look(`/channels?project=${id}`, 'For partners');
    await look(`/channels?project=${empty.id}`, 'No channels yet');
    await look(`/channels?project=${id}&keysOf=${channelId}`, 'A key');
    await look(`/channels?project=${id}&edit=${channelId}`, 'Rules for its keys');
    await look(`/channels?project=${id}&delete=${channelId}`, 'Delete Channel seen?');
  });
});
