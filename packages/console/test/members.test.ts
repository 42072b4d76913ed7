import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { client } from '../../server/test/support/client.ts';
import { ada, installConsole, type Person } from './support/installation.ts';
import { addPerson } from './support/people.ts';
import { expectFocus, expectGone, expectNoAxeFinding, expectToFit, visit } from './support/visitor.ts';

const at = installConsole();

let count = 0;

/** A project of its own, in which the administrator of the instance is no member. */
async function makeProject(): Promise<string> {
  const { id } = await at.admin.call('createProject', { body: { name: `Project ${++count}` } });
  return id;
}

const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
const listMembers = async (projectId: string) =>
  (await at.admin.call('listMembers', { params: { projectId }, query: { limit: 100 } })).items;
const listInvitations = async (projectId: string) =>
  (await at.admin.call('listInvitations', { params: { projectId } })).items;

/** Chooses from the ⋮ of a member. */
async function choose(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Settings of ${name}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function makeKey(projectId: string, ownerId: string, name: string): Promise<string> {
  const { secret } = await at.admin.call('createKey', { params: { projectId }, body: { name, ownerId } });
  return secret;
}

describe('an invitation', () => {
  test('is made, passed on and accepted; made anew, the former link is good for nothing', async () => {
    const projectId = await makeProject();
    const { page, go, clipboard, expectFailure } = await visit(at.url, { as: ada });
    await go(`/members?project=${projectId}`);
    await page.getByText('No invitation is out.').waitFor();
    await page.getByRole('button', { name: 'Invite' }).click();
    const form = page.getByRole('dialog', { name: 'Invite somebody' });
    await form.getByLabel('E-mail').fill('no address');
    await form.getByRole('button', { name: 'Invite' }).click();
    await form.getByRole('alert').waitFor();
    await form.getByLabel('E-mail').fill('grace@example.com');
    await form.getByLabel('Operator').check();
    // What was typed outlives that the dialog is closed.
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Invite' }).click();
    await form.getByText('What you typed here before is back.').waitFor();
    expect(await form.getByLabel('E-mail').inputValue()).toBe('grace@example.com');
    await form.getByRole('button', { name: 'Invite' }).click();

    const shown = page.getByRole('alertdialog', { name: 'grace@example.com is invited' });
    const link = (await shown.getByTestId('invitation-link').textContent()) ?? '';
    expect(link).toContain(`${at.url}/invite#token=`);
    await shown.getByText(/No e-mail server is configured/).waitFor();
    await shown.getByRole('button', { name: 'Copy', exact: true }).click();
    await shown.getByText('Copied: it is on your clipboard.').waitFor();
    expect(await clipboard()).toBe(link);
    await shown.getByRole('button', { name: 'Done' }).click();
    await page.reload();
    const listed = page.getByRole('listitem').filter({ hasText: 'grace@example.com' });
    await listed.getByText('Operator').waitFor();
    await listed.getByText(/Expires in [67] days/).waitFor();
    expect(await page.content()).not.toContain(link.split('=')[1]);

    await listed.getByRole('button', { name: 'Make anew' }).click();
    const second = (await shown.getByTestId('invitation-link').textContent()) ?? '';
    expect(second).not.toBe(link);
    await shown.getByRole('button', { name: 'Done' }).click();
    const accept = (address: string) => join(address, { name: 'Grace', email: 'grace@example.com' });
    expect(await accept(link)).not.toBe(200);
    expect(await accept(second)).toBe(200);

    // Who is a member already is not invited.
    await page.reload();
    await rowOf(page, 'grace@example.com').getByText('Operator').waitFor();
    expectFailure(/^400 POST .*\/invitations$/);
    await page.getByRole('button', { name: 'Invite' }).click();
    await form.getByLabel('E-mail').fill('grace@example.com');
    await form.getByRole('button', { name: 'Invite' }).click();
    await form.getByText('Belongs to a member of the project already.').waitFor();
  });

  test('is taken back', async () => {
    const projectId = await makeProject();
    const body = { email: 'stranger@example.com', role: 'owner' as const };
    const { link } = await at.admin.call('createInvitation', { params: { projectId }, body });
    const { page, go } = await visit(at.url, { as: ada });
    await go(`/members?project=${projectId}`);
    await page.getByRole('button', { name: 'Take back' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('The invitation of stranger@example.com was taken back.').waitFor();
    await page.getByText('No invitation is out.').waitFor();
    expect(await listInvitations(projectId)).toStrictEqual([]);
    expect(await join(link, { name: 'Stranger', email: body.email })).not.toBe(200);
  });
});

/** Signs up by a link. @returns the status */
async function join(link: string, { name, email }: Omit<Person, 'password'>): Promise<number> {
  const invitationToken = new URLSearchParams(new URL(link).hash.slice(1)).get('token');
  const { status } = await client(at.url, null, { Origin: at.url }).request(
    'POST',
    '/api/auth/sign-up/email',
    {
      body: { name, email, password: 'a saddle, nine clouds and tea', invitationToken },
    },
  );
  return status;
}

describe('an owner', () => {
  test('changes roles, but leaves one owner', async () => {
    const projectId = await makeProject();
    const owner = await addPerson(at, projectId, 'Olga Owner', 'owner');
    await addPerson(at, projectId, 'Mark Member', 'member');
    const { page, go, expectFailure } = await visit(at.url, { as: owner });
    await go(`/members?project=${projectId}`);
    await choose(page, 'Mark Member', 'Change role');
    const form = page.getByRole('dialog', { name: 'Role of Mark Member' });
    await page.reload();
    await form.getByLabel('Operator').check();
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Mark Member: the role is Operator now.').waitFor();
    await rowOf(page, 'Mark Member').locator('[data-role=operator]').waitFor();

    await choose(page, 'Olga Owner', 'Change role');
    const own = page.getByRole('dialog', { name: 'Role of Olga Owner' });
    await own.getByRole('radio', { name: /^Member/ }).check();
    await own.getByText(/This is you/).waitFor();
    expectFailure(/^409 PATCH /);
    await own.getByRole('button', { name: 'Save' }).click();
    await own
      .getByRole('alert')
      .getByText(/only owner of the project/)
      .waitFor();
    await own.getByRole('button', { name: 'Cancel' }).click();

    // The last owner cannot leave either.
    expectFailure(/^409 DELETE /);
    await choose(page, 'Olga Owner', 'Leave the project');
    const question = page.getByRole('alertdialog');
    await question.getByRole('button', { name: 'Leave the project' }).click();
    await question
      .getByRole('alert')
      .getByText(/only owner of the project/)
      .waitFor();

    // With another owner it gives its role away, and has no controls any more.
    await question.getByRole('button', { name: 'Cancel' }).click();
    await choose(page, 'Mark Member', 'Change role');
    await form.getByRole('radio', { name: /^Owner/ }).check();
    await form.getByRole('button', { name: 'Save' }).click();
    await rowOf(page, 'Mark Member').locator('[data-role=owner]').waitFor();
    await choose(page, 'Olga Owner', 'Change role');
    await own.getByRole('radio', { name: /^Member/ }).check();
    await own.getByRole('button', { name: 'Save' }).click();
    await expectGone(page.getByRole('button', { name: 'Invite' }));
    await expectGone(page.getByRole('button', { name: 'Settings of Mark Member' }));
  });

  test('removes a member, whose keys are dead when it is said, or belong to another', async () => {
    const projectId = await makeProject();
    const owner = await addPerson(at, projectId, 'Rita Runs', 'owner');
    const first = await addPerson(at, projectId, 'Fred First', 'member');
    const second = await addPerson(at, projectId, 'Sue Second', 'member');
    const ends = await makeKey(projectId, first.id, 'Ends');
    const stays = await makeKey(projectId, second.id, 'Stays');
    const { page, go } = await visit(at.url, { as: owner });
    await go(`/members?project=${projectId}`);

    await choose(page, 'Fred First', 'Remove');
    const question = page.getByRole('alertdialog', { name: 'Remove Fred First?' });
    await expectFocus(page, 'Cancel');
    await question.getByText('What becomes of the key?').waitFor();
    await question.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Fred First was removed.').waitFor();
    expect(await at.admin.call('verify', { body: { key: ends } })).toMatchObject({ code: 'revoked' });
    await expectGone(rowOf(page, 'Fred First'));

    await choose(page, 'Sue Second', 'Remove');
    const other = page.getByRole('alertdialog', { name: 'Remove Sue Second?' });
    await other.getByLabel('Hand over to another member').check();
    await other.getByRole('button', { name: 'Remove' }).click();
    await other.getByText('Choose who gets the key.').waitFor();
    await other.getByLabel('Who gets it').selectOption('Rita Runs (you)');
    await other.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Sue Second was removed.').waitFor();
    expect(await at.admin.call('verify', { body: { key: stays } })).toMatchObject({
      valid: true,
      key: { ownerId: owner.id },
    });
    expect((await listMembers(projectId)).map(({ name }) => name)).toStrictEqual(['Rita Runs']);
  });

  test('is told when who gets the keys has no room for them', async () => {
    const projectId = await makeProject();
    const owner = await addPerson(at, projectId, 'Full Owner', 'owner');
    const leaver = await addPerson(at, projectId, 'Lena Leaver', 'member');
    await at.admin.call('updateProject', { params: { projectId }, body: { policy: { maxKeysPerOwner: 1 } } });
    await makeKey(projectId, owner.id, 'Of the owner');
    await makeKey(projectId, leaver.id, 'Of the leaver');
    const { page, go, expectFailure } = await visit(at.url, { as: owner });
    expectFailure(/^409 DELETE /);
    await go(`/members?project=${projectId}&dialog=remove&member=${leaver.id}`);
    const question = page.getByRole('alertdialog');
    await question.getByLabel('Hand over to another member').check();
    await question.getByLabel('Who gets it').selectOption('Full Owner (you)');
    await question.getByRole('button', { name: 'Remove' }).click();
    await question
      .getByRole('alert')
      .getByText(/has no room for them/)
      .waitFor();
    expect(await listMembers(projectId)).toHaveLength(2);
  });
});

describe('who may do what', () => {
  let projectId: string;
  let operator: Person;
  let member: Person;
  beforeAll(async () => {
    projectId = await makeProject();
    await addPerson(at, projectId, 'Ottilie', 'owner');
    operator = await addPerson(at, projectId, 'Percy', 'operator');
    member = await addPerson(at, projectId, 'Mia', 'member');
    await addPerson(at, projectId, 'Stranger To Mia', 'member');
    const body = { email: 'out@example.com', role: 'member' as const };
    await at.admin.call('createInvitation', { params: { projectId }, body });
  });

  test('an operator sees everybody and the invitations, without controls', async () => {
    const { page, go } = await visit(at.url, { as: operator });
    await go(`/members?project=${projectId}&dialog=invite`);
    await rowOf(page, 'Stranger To Mia').waitFor();
    await page.getByText('out@example.com').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    for (const name of [/^Invite/, /^Take back/, /^Make anew/, 'Settings of Mia']) {
      expect(await page.getByRole('main').getByRole('button', { name }).count(), String(name)).toBe(0);
    }
  });

  test('a member sees itself and who runs the project, and leaves it', async () => {
    const { page, go } = await visit(at.url, { as: member });
    await go(`/members?project=${projectId}`);
    await rowOf(page, 'Ottilie').waitFor();
    await rowOf(page, 'Mia').getByText('you', { exact: true }).waitFor();
    expect(await page.getByText('Stranger To Mia').count()).toBe(0);
    expect(await page.getByText('out@example.com').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Settings of Ottilie' }).count()).toBe(0);
    await choose(page, 'Mia', 'Leave the project');
    const question = page.getByRole('alertdialog');
    await question.getByRole('button', { name: 'Leave the project' }).click();
    await page.getByText('You are not in any project yet').waitFor();
    expect((await listMembers(projectId)).map(({ name }) => name)).not.toContain('Mia');
  });
});

test('pages of members and of invitations turn by themselves, and stand in the address', async () => {
  const projectId = await makeProject();
  for (let index = 0; index < 21; index++) {
    const body = { email: `guest-${index}@example.com`, role: 'member' as const };
    await at.admin.call('createInvitation', { params: { projectId }, body });
  }
  await addPerson(at, projectId, 'Only One', 'owner');
  const { page, go } = await visit(at.url, { as: ada });
  await go(`/members?project=${projectId}`);
  await page.getByText('1–1 of 1').waitFor();
  await page.getByText('1–20 of 21').waitFor();
  const invitations = page.getByRole('region', { name: 'Invitations' });
  await invitations.getByRole('button', { name: 'Next' }).click();
  await invitations.getByText('21–21 of 21').waitFor();
  await page.reload();
  await invitations.getByText('guest-0@example.com').waitFor();
  await page.goBack();
  await page.getByText('1–20 of 21').waitFor();
});

test('what cannot be loaded says so, and can be tried again', async () => {
  const projectId = await makeProject();
  await addPerson(at, projectId, 'There Again', 'owner');
  const { page, go, expectFailure } = await visit(at.url, { as: ada });
  expectFailure(/^400 GET .*\/members$/);
  await go(`/members?project=${projectId}&cursor=of-another-list`);
  await page.getByRole('heading', { name: 'The members could not be loaded' }).waitFor();
  await page.getByText('The page that this address leads to is no longer there.').waitFor();
  await page.getByRole('button', { name: 'Go to the first page' }).click();
  await rowOf(page, 'There Again').waitFor();
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each([1440, 360])('axe finds nothing at %d pixels, and nothing is cut off', async (width) => {
    const projectId = await makeProject();
    const person = await addPerson(
      at,
      projectId,
      `Ann ${theme} ${width} with a rather long name`,
      'operator',
    );
    await makeKey(projectId, person.id, 'A key');
    const body = { email: 'a.very.long.address.of.somebody@mail.example.com', role: 'owner' as const };
    await at.admin.call('createInvitation', { params: { projectId }, body });
    const { page, go } = await visit(at.url, { as: ada, theme, width });
    const look = async (search: string, sight: string) => {
      await go(`/members?project=${projectId}${search}`);
      await page.getByText(sight).first().waitFor();
      await expectNoAxeFinding(page);
      await expectToFit(page);
    };
    await look('', body.email);
    await look('&dialog=invite', 'Invite somebody');
    await look(`&dialog=role&member=${person.id}`, 'Keys of one’s own.');
    await look(`&dialog=remove&member=${person.id}`, 'What becomes of the key?');
  });
});
